/** `xenscope walk`: how an address is found, table by table, and where that ends. */
import { given } from '../../lib/given';
import { offsetInPage } from '../../format/page';
import { hex, hex0x, memorySize } from '../../lib/text';
import { whyNot } from '../../memory/walk/reasons';
import { translate, type Translation } from '../../memory/walk/virtual';
import { MODES } from '../../format/paging/modes';
import type { Rights } from '../../memory/walk/rights';
import { rightsLetters, rightsOwner } from '../../memory/walk/rights-words';
import { namedText } from '../../memory/symbols/table';
import { addressFor, guestMemory, vcpuOf, virtualAddress } from '../address';
import { command, type Input } from '../command';
import { JSON_OPTION, SYMBOL_OPTIONS, valued, VCPU_OPTION } from '../option';
import { print } from '../output';
import { symbolTable } from '../symbols';

const OPTIONS = {
  va: valued('ADDRESS', 'the virtual address; with symbols also a name: do_syscall_64+0x7b'),
  ...VCPU_OPTION,
  ...SYMBOL_OPTIONS,
  ...JSON_OPTION,
};

export const walkCommand = command({
  name: 'walk',
  about: 'Prints how a virtual address is found, table by table.',
  one: 'it leads to no bytes of the image',
  options: OPTIONS,
  choices: [{ of: ['symbols', 'ownSymbols'] }],
  required: 'va',
  readsPages: true,
  run: runWalk,
});

async function runWalk({ scan, source, options }: Input<typeof OPTIONS>): Promise<number> {
  const symbols = await symbolTable(scan, source, options);
  const wanted = virtualAddress(options.va ?? '', symbols);
  const vcpu = await vcpuOf(scan, source, options.vcpu);
  const va = addressFor(vcpu, wanted);
  const found = await translate(guestMemory(scan, source), vcpu.memory.registers, va);
  const named = symbols?.find(va);
  const name = named && namedText(named);
  if (options.json) print(JSON.stringify({ ...toJson(vcpu.id, found), ...given({ name }) }));
  else printText(vcpu.id, found, name);
  return found.page?.state === 'here' ? 0 : 1;
}

const rightsText = (rights: Rights): string =>
  `${rightsLetters(rights)} ${rightsOwner(rights)}${rights.global ? ' global' : ''}`;

function printText(vcpu: number, found: Translation, name: string | undefined): void {
  const { mode, side, va, root, steps, gpa, pageSize = 0, rights, page } = found;
  const { levels, title, entrySize } = MODES[mode];
  const tables = levels.length === 0 ? '' : `, ${side === undefined ? '' : `${side} `}tables at ${hex0x(root)}`;
  print(`${hex0x(va)}${name === undefined ? '' : ` <${name}>`}  vCPU ${vcpu}, ${title}${tables}`);
  for (const { level, table, index, offset, entry, flags } of steps) {
    const where = `PFN ${hex0x(table)} [${index}]`;
    print(
      `  ${level.padEnd(5)}  ${where.padEnd(22)}  ${hex(entry, entrySize * 2)}  at ${hex0x(offset)}  ${flags.join(' ')}`,
    );
  }
  if (gpa !== undefined) {
    const how = levels.length === 0 || !rights ? '' : `, page of ${memorySize(pageSize)}, ${rightsText(rights)}`;
    print(`  guest  ${hex0x(gpa)}${how}`);
  }
  const not = whyNot(found);
  if (not !== undefined) print(`  no bytes: ${not}`);
  else if (page?.state === 'here') {
    const at = page.offset + offsetInPage(va);
    print(`  file   ${hex0x(at)}, record ${page.record}${page.outdated ? ', an older copy' : ''}`);
  }
}

function toJson(vcpu: number, found: Translation): object {
  const { mode, side, va, root, steps, gpa, pageSize, rights, failure, page } = found;
  return {
    vcpu,
    va: hex0x(va),
    mode,
    side: side ?? null,
    root: hex0x(root),
    steps: steps.map(({ level, table, index, record, offset, entry, flags }) => ({
      level,
      table: hex0x(table),
      index,
      entry: hex0x(entry),
      flags,
      record,
      offset,
    })),
    gpa: gpa === undefined ? null : hex0x(gpa),
    pageSize: pageSize ?? null,
    rights: rights ?? null,
    failure: failure ? { why: failure.why, level: failure.level ?? null, text: failure.text } : null,
    page:
      page?.state === 'here'
        ? { pfn: hex0x(page.pfn), record: page.record, offset: page.offset + offsetInPage(va) }
        : null,
    problem: whyNot(found) ?? null,
  };
}
