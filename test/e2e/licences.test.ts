/** What is built in goes with its licence. */
import { expect, inject, test } from 'vitest';

test('the licences of all that the page holds stand beside it', async () => {
  const response = await fetch(new URL('licences.txt', inject('address')));
  expect(response.status).toBe(200);
  const text = await response.text();
  // The worker's disassembler, the bundler's helpers, and a package that comes without the text of its licence.
  for (const name of [
    'Xenscope',
    'iced-x86',
    'rolldown',
    'react-remove-scroll-bar',
    'react-dom',
    'zustand',
    'lucide-react',
  ])
    expect(text).toMatch(new RegExp(`^${name}(?: \\d+\\.\\d+\\.\\d+)?$`, 'mu'));
  expect(text).toContain('Copyright (c) Anton Korzunov <thekashey@gmail.com>');
  const parts = text.split(/^-{80}$/mu);
  expect(parts.length).toBeGreaterThan(45);
  expect(parts.filter((part) => !/permission|licensed under/iu.test(part))).toEqual([]);
});
