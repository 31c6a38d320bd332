/** `mem` and `walk` as processes, on the small real image: what xenctx printed of that guest, and what is said of holes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { xenscope } from '../../fixtures/cli';
import { samples } from '../../fixtures/samples';
import {
  end,
  HVM,
  hvmContext,
  hvmEnd,
  hvmEntry,
  hvmHeaderEntry,
  libxcStream,
  pageData,
  staticDataEnd,
} from '../../fixtures/built/stream';
import { xenctxMemory } from '../../fixtures/xen/xenctx-memory';
import { HVM_CPU } from '../../../src/format/hvm/cpu';
import { encode } from '../../../src/format/kit/parse';

let folder = '';
let image = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xenscope-cli-'));
  image = join(folder, 'micro64');
  const packed = readFileSync(new URL('../../../public/samples/micro64.xlsave.gz', import.meta.url));
  writeFileSync(image, gunzipSync(packed));
});
afterAll(() => rmSync(folder, { recursive: true }));

const RIP = '0xffffffff800003aa';

describe('mem', () => {
  test('bytes at rip of each vCPU, in lines of 16', async () => {
    const truth = samples.find(({ name }) => name === 'micro64')?.truth('xenctx-paused-after-save.txt');
    for (const [id, { at, after }] of xenctxMemory(truth ?? '')) {
      const { code, stdout } = await xenscope(
        'mem',
        image,
        `--va=0x${at.toString(16)}`,
        `--vcpu=${id}`,
        `--length=${after.length}`,
      );
      expect(code).toBe(0);
      const shown = stdout
        .split('\n')
        .map((line) => line.slice(18, 66))
        .join(' ');
      expect(shown.trim().split(/\s+/u)).toEqual([...after].map((byte) => byte.toString(16).padStart(2, '0')));
    }
  });

  test('the layout of a dump: address, two halves, text', async () => {
    const { stdout } = await xenscope('mem', image, '--va', '0xffffffff8000039a', '--length', '24');
    expect(stdout.split('\n')).toEqual([
      'ffffffff80000390                                 cc cc cc cc cc cc  |          ......|',
      'ffffffff800003a0  51 41 53 b8 1d 00 00 00  0f 05 41 5b 59 c3 cc cc  |QAS.......A[Y...|',
      'ffffffff800003b0  cc cc                                             |..|',
      '',
    ]);
  });

  test('a PFN is a page, and the same page as its address is', async () => {
    const [pfn, gpa] = await Promise.all([
      xenscope('mem', image, '--pfn', '0x3'),
      xenscope('mem', image, '--gpa=0x3000', '--length=0x1000'),
    ]);
    expect(pfn.stdout.split('\n')).toHaveLength(257);
    expect(pfn).toEqual(gpa);
  });

  test('holes are named, never filled; exit code 1 only where nothing is there', async () => {
    const edge = await xenscope('mem', image, '--gpa', '0x3ffff0', '--length', '48');
    expect(edge.code).toBe(0);
    expect(edge.stdout.split('\n').slice(1)).toEqual([
      '00400000  32 bytes not there: the page is not in the image: PFN 0x400: the image never mentions it',
      '',
    ]);
    const nothing = await xenscope('mem', image, '--va', '0x1000', '--length', '8192');
    expect([nothing.code, nothing.stdout]).toEqual([1, '00001000  8\u2009192 bytes not there: L4 0 is not present\n']);
    const last = await xenscope('mem', image, '--va', '0xfffffffffffffff0', '--length', '64');
    expect([last.code, last.stdout]).toEqual([1, 'fffffffffffffff0  16 bytes not there: L3 511 is not present\n']);
  });

  test('what lies beyond all pages is one hole, however long', async () => {
    const { code, stdout } = await xenscope('mem', image, '--gpa', '0x400000', '--length', '0x10000000000');
    expect([code, stdout]).toEqual([
      1,
      '00000400000  1\u2009099\u2009511\u2009627\u2009776 bytes not there: the pages are not in the image: the image never mentions them\n',
    ]);
  });

  test('tables of a blanked image are not walked', async () => {
    const blanked = join(folder, 'blanked');
    await xenscope('export', image, '--blank', '-o', blanked);
    const { code, stdout } = await xenscope('walk', blanked, '--va', RIP);
    expect([code, stdout.split('\n')]).toEqual([
      1,
      [
        '0xffffffff800003aa  vCPU 0, 64-bit PV paging, kernel tables at 0x1a000',
        '  no bytes: the pages of this image were blanked, and the page tables with them',
        '',
      ],
    ]);
  });

  test('addresses of 32 bits end with them, and do not go on at 0', async () => {
    const real = join(folder, 'real-mode');
    const cpu = hvmEntry(2, 0, encode(HVM_CPU, { cr0: 0x10n }));
    const context = hvmContext([hvmHeaderEntry(), cpu, hvmEnd()]);
    writeFileSync(real, libxcStream(HVM, [staticDataEnd(), pageData([{ pfn: 0, fill: 0x41 }]), context, end()]));
    const { code, stdout } = await xenscope('mem', real, '--va', '0xfffffff0', '--length', '64');
    expect([code, stdout]).toEqual([
      1,
      'fffffff0  16 bytes not there: the page is not in the image: PFN 0xfffff: the image never mentions it\n',
    ]);
  });

  test('--raw gives the bytes, all or none', async () => {
    const program = new URL('../../../dist/cli/xenscope.mjs', import.meta.url).pathname;
    const args = [program, 'mem', image, '--va', '0xffffffff800003a0', '--length', '5', '--raw'];
    expect([...execFileSync(process.execPath, args)]).toEqual([0x51, 0x41, 0x53, 0xb8, 0x1d]);
    const part = await xenscope('mem', image, '--gpa', '0x3ffff0', '--length', '48', '--raw');
    expect([part.code, part.stdout]).toEqual([1, '']);
    expect(part.stderr).toBe(
      'xenscope: 00400000  32 bytes not there: the page is not in the image: PFN 0x400: the image never mentions it\n',
    );
  });

  test.each([
    [['mem'], 'needs an IMAGE'],
    [['mem', '.', '--pfn', '1'], 'it is a directory'],
    [['--pfn', '1', '--va', '1'], 'only one of --pfn, --gpa and --va can be given'],
    [[], 'mem needs one of --pfn, --gpa and --va; see xenscope --help'],
    [['--pfn', '1', '--vcpu', '0'], '--vcpu goes with --va, not with --pfn'],
    [['--va', 'zebra'], 'the address is not a number of 64 bits: zebra'],
    [['--va', 'ffffffff800003aa'], 'the address is not a number of 64 bits: hex needs 0x, as in 0xffffffff800003aa'],
    [['--va', '0x10000000000000000'], 'the address is not a number of 64 bits'],
    [['--va', '1', '--vcpu', '7'], 'the image holds no registers of vCPU 7, but of 0, 1'],
    [['--va', '1', '--json'], 'mem takes no --json'],
    [['--va', '1', '--length', '0x20000000000'], 'the length is at most 1099511627776'],
  ])('%j: exit code 2', async (options, problem) => {
    const args = options[0] === 'mem' ? options : ['mem', image, ...options];
    const { code, stdout, stderr } = await xenscope(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(problem);
  });
});

describe('walk', () => {
  test('table by table', async () => {
    const { code, stdout } = await xenscope('walk', image, '--va', RIP);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      '0xffffffff800003aa  vCPU 0, 64-bit PV paging, kernel tables at 0x1a000',
      '  L4     PFN 0x1a [511]          000000000001b067  at 0x19881  P RW US A D',
      '  L3     PFN 0x1b [510]          000000000001c067  at 0x1a879  P RW US A D',
      '  L2     PFN 0x1c [0]            000000000001d067  at 0x1a889  P RW US A D',
      '  L1     PFN 0x1d [0]            0010000000000027  at 0x1b889  P RW US A GUEST_KERNEL',
      '  guest  0x3aa, page of 4 KiB, rwx kernel',
      '  file   0x2c33, record 10',
      '',
    ]);
  });

  test('--json', async () => {
    const { stdout } = await xenscope('walk', image, '--va', RIP, '--vcpu', '1', '--json');
    const found = JSON.parse(stdout) as { readonly steps: readonly unknown[] };
    expect(found).toMatchObject({
      vcpu: 1,
      va: '0xffffffff800003aa',
      mode: 'pv64',
      side: 'kernel',
      gpa: '0x3aa',
      pageSize: 4096,
      rights: { write: true, user: false, execute: true, global: false },
      failure: null,
      page: { pfn: '0x0', record: 10, offset: 0x2c33 },
      problem: null,
    });
    expect(found.steps[3]).toEqual({
      level: 'L1',
      table: '0x1d',
      index: 0,
      entry: '0x10000000000027',
      flags: ['P', 'RW', 'US', 'A', 'GUEST_KERNEL'],
      record: 10,
      offset: 0x1b889,
    });
  });

  test('where it ends, and why: exit code 1', async () => {
    const { code, stdout } = await xenscope('walk', image, '--va', '0x1000');
    expect(code).toBe(1);
    expect(stdout).toContain('no bytes: L4 0 is not present');
    const json = await xenscope('walk', image, '--va', '0xffff800000000000', '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      steps: [],
      gpa: null,
      failure: { why: 'xen', level: null, text: 'an address of Xen itself, which the image leaves out' },
    });
  });

  test('without --va: exit code 2', async () => {
    expect(await xenscope('walk', image)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('walk needs --va'),
    });
  });
});

describe('an address given by name', () => {
  const map = (): string => {
    const path = join(folder, 'System.map');
    const lines = ['ffffffff80000000 T _text', 'ffffffff800003a0 T sched_op', 'ffffffff80030000 T _end', ''];
    writeFileSync(path, lines.join('\n'));
    return path;
  };

  test('mem and walk take a symbol of a System.map, and a distance from it', async () => {
    const { code, stdout } = await xenscope('mem', image, '--va', 'sched_op+0xa', '--length', '4', '--symbols', map());
    expect([code, stdout]).toEqual([
      0,
      'ffffffff800003a0                                 41 5b 59 c3        |          A[Y.|\n',
    ]);
    const walked = await xenscope('walk', image, '--va=sched_op', `--symbols=${map()}`);
    expect(walked.code).toBe(0);
    expect(walked.stdout.split('\n')[0]).toMatch(/^0xffffffff800003a0 <sched_op> {2}vCPU 0, /u);
    const json = await xenscope('walk', image, '--va', '0xffffffff800003aa', '--symbols', map(), '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ va: '0xffffffff800003aa', name: 'sched_op+0xa' });
  });

  test('a name without symbols, or that none has, is bad usage', async () => {
    expect(await xenscope('mem', image, '--va', 'sched_op')).toMatchObject({
      code: 2,
      stderr: 'xenscope: the address is not a number of 64 bits: sched_op (a name needs --symbols or --own-symbols)\n',
    });
    expect(await xenscope('walk', image, '--va', 'nothing', '--symbols', map())).toMatchObject({
      code: 2,
      stderr: 'xenscope: no symbol is called nothing\n',
    });
  });
});
