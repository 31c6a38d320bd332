/** Breakpoints, SYSCALL's selectors and the clock, in words. Expected values worked out by hand from the manuals. */
import { expect, test } from 'vitest';
import { breakpoint, breakpointText } from '../../../src/format/x86/breakpoints';
import { starText } from '../../../src/format/x86/star';
import { deadlineText, frequencyText, tscText } from '../../../src/format/x86/tsc';

// L0 and G0, R/W0 = 0; G1, R/W1 = 01, LEN1 = 11; L2, R/W2 = 11, LEN2 = 10; L3, R/W3 = 10, LEN3 = 01.
const DR7 = 0x6bd0_045bn;

test('dr7 says of each breakpoint what it watches', () => {
  expect(breakpoint(DR7, 1)).toEqual({ access: 'write', length: 4, local: false, global: true });
  expect([0, 1, 2, 3].map((index) => breakpointText(DR7, index))).toEqual([
    'on execute · local, global',
    'on write of 4 bytes · global',
    'on read or write of 8 bytes · local',
    'on I/O of 2 bytes · local',
  ]);
});

test('breakpoints that are off say so; micropvh has one on execution', () => {
  expect(breakpointText(0x403n, 0)).toBe('on execute · local, global');
  expect(breakpointText(0x403n, 1)).toBe('off');
  expect(breakpointText(0x402n, 0)).toBe('on execute · global');
});

test('STAR holds the selectors that SYSCALL and SYSRET load', () => {
  expect(starText(0x0013_0008_0000_0000n)).toBe('kernel cs 8 ss 10 · user cs 13, 64-bit 23 ss 1b');
  expect(starText(0xfff8_fff8_0000_0000n)).toBe('kernel cs fff8 ss 0 · user cs fff8, 64-bit 8 ss 0');
});

test('the TSC is time at the frequency that the guest was told', () => {
  // 0xc6020cc8e = 53 152 369 806 ticks; 2 596 121 kHz.
  expect(tscText(0xc_6020_cc8en, 2_596_121)).toBe('20.473 s at 2.596 GHz');
  expect(tscText(5n, 0)).toBeUndefined();
  expect(frequencyText(800_000)).toBe('800.000 MHz');
});

test('a deadline is told from the counter as it was saved', () => {
  expect(deadlineText(0n, 5n, 1_000_000)).toBe('not armed');
  expect(deadlineText(3_000_000n, 1_000_000n, 1_000_000)).toBe('in 2 ms');
  expect(deadlineText(1_000_000n, 1_000_500n, 1_000_000)).toBe('was due 500 ns before');
  expect(deadlineText(1n, 0n, 0)).toBeUndefined();
});
