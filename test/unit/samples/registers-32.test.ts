/** A real 32-bit PV guest: the registers of every vCPU are those that xenctx showed of it. */
import { describe, expect, test } from 'vitest';
import { decodeIn, nodeAt, valueAt } from '../../fixtures/nodes';
import { samples } from '../../fixtures/samples';
import { mentionsOf, rowsOf, scanBytes } from '../../fixtures/scanning';

const TRUTH = 'xenctx-per-vcpu-paused-after-save.txt';
const GENERAL = ['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp'];

/** `name → value` for one vCPU, out of what xenctx prints of a 32-bit guest. */
function xenctx32(text: string): Map<string, number> {
  const found = new Map<string, number>();
  const put = (name: string, digits: string | undefined): void => {
    if (digits !== undefined) found.set(name, Number.parseInt(digits, 16));
  };
  for (const [, segment = '', pointer = '', selector, offset] of text.matchAll(/^(cs|ss):(\w+): (\w+):(\w+)$/gmu)) {
    put(segment, selector);
    put(pointer, offset);
  }
  put('eflags', /^flags: (\w+)/mu.exec(text)?.[1]);
  for (const [, name = '', digits] of text.matchAll(/\b(e[a-d]x|e[sd]i|ebp|[d-g]s|cr\d|dr\d):\s+(\w+)/gu))
    put(name, digits);
  return found;
}

const place = (name: string): string => {
  if (name.startsWith('cr')) return `ctrlreg.${name}`;
  return name.startsWith('dr') ? `debugreg.${name}` : `user_regs.${name}`;
};

const pv32 = samples.filter((sample) => sample.isPv && /^cs:eip:/mu.test(sample.truth(TRUTH) ?? ''));

describe.each(pv32)('$file', (sample) => {
  test('every register of every vCPU', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const rows = rowsOf(scan).filter(({ name }) => name === 'X86_PV_VCPU_BASIC');
    const shown = (sample.truth(TRUTH) ?? '').split(/^== vcpu \d+$/mu).slice(1);
    expect(rows.map(({ vcpu }) => vcpu)).toEqual(shown.map((_, vcpu) => vcpu));
    for (const row of rows) {
      const { children = [] } = nodeAt(decodeIn(bytes, row, scan), 'vcpu_guest_context');
      const truth = xenctx32(shown[row.vcpu] ?? '');
      for (const name of [...GENERAL, 'eip', 'esp', 'eflags', 'cs', 'ss', 'ds', 'es', 'fs', 'gs']) {
        // The live domain shows vCPU 0's eax as 1 (suspend cancelled) and its edx as a machine frame.
        if (row.vcpu === 0 && (name === 'eax' || name === 'edx')) continue;
        expect(valueAt(children, place(name)), `${name} of ${row.vcpu}`).toBe(truth.get(name));
      }
      for (const name of ['cr0', 'cr2', 'cr4', 'dr0', 'dr1', 'dr2', 'dr3', 'dr6', 'dr7']) {
        expect(valueAt(children, place(name)), `${name} of ${row.vcpu}`).toBe(truth.get(name));
      }
    }
  });

  test('cr3 names the page of an L3 table', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    for (const row of rowsOf(scan).filter(({ name }) => name === 'X86_PV_VCPU_BASIC')) {
      const note = nodeAt(decodeIn(bytes, row, scan), 'vcpu_guest_context.ctrlreg.cr3').note ?? '';
      const pfn = Number.parseInt(note.replace('PFN ', ''), 16);
      // 0x3 or, pinned, 0xb.
      expect([0x3, 0xb]).toContain(mentionsOf(scan.pages, pfn).at(-1)?.type);
    }
  });
});

test('the 32-bit guest is compared where the real images are', () => {
  const isThere = samples.some(({ name }) => name === 'micro32');
  expect(pv32.map(({ name }) => name)).toEqual(isThere ? ['micro32'] : []);
});
