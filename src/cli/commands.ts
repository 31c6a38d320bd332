/** The commands: what each takes, and what it runs. */
import type { NodeFileSource } from '../source/node-file';
import type { ScanResult } from '../scan/scan';
import { runCheck } from './check';
import { runCode } from './code';
import { runDmesg } from './dmesg';
import { EXPORT_FLAGS, EXPORT_VALUED, runExport } from './export';
import { list } from './list';
import { mem } from './mem';
import { complain, print, write } from './output';
import { runSearch, SEARCH_FLAGS, SEARCH_VALUES } from './search';
import { show } from './show';
import type { SymbolOptions } from './symbols';
import { runWalk } from './walk';

interface Input {
  readonly scan: ScanResult;
  readonly source: NodeFileSource;
  readonly json: boolean;
  readonly operands: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
}

export interface Command {
  readonly operands: number;
  /** What they are, where that is not an image or an image and a record. */
  readonly needs?: string;
  /** Options that take a value. */
  readonly valued?: readonly string[];
  /** Options without a value, besides --json. */
  readonly flags?: readonly string[];
  /** Has no --json. */
  readonly textOnly?: true;
  /** Speaks of what the guest's pages hold. */
  readonly readsPages?: true;
  /** Looks at files that hold no stream too. */
  readonly anyFile?: true;
  /** The exit code, if not 0. */
  readonly run: (input: Input) => number | void | Promise<number>;
}

const symbolOptions = ({ values, flags }: Pick<Input, 'values' | 'flags'>): SymbolOptions => ({
  symbols: values.get('--symbols'),
  own: flags.has('--own-symbols'),
});

export const COMMANDS: Readonly<Record<string, Command>> = {
  list: { operands: 1, run: ({ scan, json }) => list(scan, json, print) },
  show: { operands: 2, run: ({ scan, source, json, operands }) => show(scan, source, operands[1] ?? '', json, print) },
  check: {
    operands: 1,
    valued: ['--log', '--target-policy', '--xen'],
    anyFile: true,
    run: ({ scan, source, json, operands, values }) =>
      runCheck(
        {
          scan,
          source,
          json,
          path: operands[0] ?? '',
          log: values.get('--log'),
          targetPolicy: values.get('--target-policy'),
          xen: values.get('--xen'),
        },
        print,
      ),
  },
  mem: {
    operands: 1,
    readsPages: true,
    valued: ['--pfn', '--gpa', '--va', '--vcpu', '--length', '--symbols'],
    flags: ['--raw', '--own-symbols'],
    textOnly: true,
    run: ({ scan, source, ...input }) => {
      const options = { ...symbolOptions(input), raw: input.flags.has('--raw') };
      return mem(scan, source, input.values, options, { print, write, complain });
    },
  },
  export: {
    operands: 1,
    flags: EXPORT_FLAGS,
    valued: EXPORT_VALUED,
    textOnly: true,
    run: ({ scan, source, operands, flags, values }) =>
      runExport({ scan, source, path: operands[0] ?? '', flags, values }, print),
  },
  walk: {
    operands: 1,
    readsPages: true,
    valued: ['--va', '--vcpu', '--symbols'],
    flags: ['--own-symbols'],
    run: ({ scan, source, json, ...input }) =>
      runWalk(scan, source, input.values, { ...symbolOptions(input), json }, print),
  },
  code: {
    operands: 1,
    readsPages: true,
    valued: ['--vcpu', '--symbols'],
    flags: ['--own-symbols'],
    run: async ({ scan, source, json, ...input }) => {
      await runCode({ scan, source, json, vcpu: input.values.get('--vcpu'), ...symbolOptions(input) }, print);
      return 0;
    },
  },
  dmesg: {
    operands: 1,
    readsPages: true,
    valued: ['--symbols'],
    run: async ({ scan, source, json, values }) => {
      await runDmesg({ scan, source, json, symbols: values.get('--symbols') }, print);
      return 0;
    },
  },
  search: {
    operands: 2,
    readsPages: true,
    needs: 'an IMAGE and a PATTERN',
    valued: SEARCH_VALUES,
    flags: SEARCH_FLAGS,
    run: ({ operands, ...input }) =>
      runSearch({ ...input, pattern: operands[1] ?? '', symbols: symbolOptions(input) }, { print, complain }),
  },
};
