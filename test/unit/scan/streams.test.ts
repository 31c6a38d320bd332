/** Each shape of stream, and the rows that the published layouts say it has: offsets and lengths are counted by hand. */
import { describe, expect, test } from 'vitest';
import {
  bigEndianHvm,
  bigEndianPv,
  hvmV2,
  hvmXl,
  libvirt,
  liveMigration,
  oddContext,
  optionalRecord,
  pv32,
  pvXl,
  rareRecords,
  remus,
  remusHvm,
  savingCpu,
} from '../../fixtures/built/images';
import { findingsOf, linesOf, rowsOf, scanBytes } from '../../fixtures/scanning';

describe('plain images', () => {
  const pvRows = [
    '0 -1 xl header XL_HEADER 0 80',
    '1 0 libxl header LIBXL_HEADER 80 16',
    '2 1 libxl record LIBXC_CONTEXT 96 0',
    '3 2 libxc header IMAGE_HEADER 104 24',
    '4 3 libxc header DOMAIN_HEADER 128 16',
    '5 3 libxc record X86_PV_INFO 144 8',
    '6 3 libxc record X86_CPUID_POLICY 160 48',
    '7 3 libxc record X86_MSR_POLICY 216 16',
    '8 3 libxc record STATIC_DATA_END 240 0',
    '9 3 libxc record X86_PV_P2M_FRAMES 248 16',
    '10 3 libxc record PAGE_DATA 272 12336 pages=5 pass',
    '11 3 libxc record X86_TSC_INFO 12616 24',
    '12 3 libxc record SHARED_INFO 12648 4096',
    '13 3 libxc record X86_PV_VCPU_BASIC 16752 5176 vcpu=0',
    '14 3 libxc record X86_PV_VCPU_EXTENDED 21936 72 vcpu=0',
    '15 3 libxc record X86_PV_VCPU_XSAVE 22016 24 vcpu=0',
    '16 3 libxc record X86_PV_VCPU_BASIC 22048 5176 vcpu=1',
    '17 3 libxc record X86_PV_VCPU_MSRS 27232 24 vcpu=1',
    '18 3 libxc record END 27264 0',
    '19 1 libxl record END 27272 0',
  ];

  test('PV in an xl file', async () => {
    const scan = await scanBytes(pvXl);
    expect(linesOf(scan)).toEqual(pvRows);
    expect(scan.findings).toEqual([]);
    expect(scan.image).toMatchObject({
      container: 'xl',
      config: { format: 'json', offset: 52, length: 28 },
      libxcVersion: 3,
      domainType: 1,
      xenMajor: 4,
      xenMinor: 17,
      guestWidth: 8,
      maxPfn: 0x1f,
      complete: true,
      checkpoints: 0,
      gaps: [],
    });
    expect(scan.image.refusal).toBeUndefined();
    expect(scan.image.trailer).toBeUndefined();
    expect(scan.image.firstVerify).toBeUndefined();
  });

  test('the same in big-endian byte order: every row the same, and Xen’s refusal', async () => {
    const scan = await scanBytes(bigEndianPv);
    expect(linesOf(scan)).toEqual(pvRows);
    expect(findingsOf(scan)).toEqual(['big-endian fatal 92+4', 'big-endian fatal 120+2']);
    expect(scan.image).toMatchObject({ bigEndian: true, maxPfn: 0x1f, xenMajor: 4, xenMinor: 17 });
  });

  test('the same behind a libvirt header, which moves all by 85 − 80 bytes', async () => {
    const scan = await scanBytes(libvirt);
    expect(linesOf(scan)[0]).toBe('0 -1 libvirt header LIBVIRT_HEADER 0 85');
    expect(rowsOf(scan).map(({ offset }) => offset)).toEqual([
      0, 85, 101, 109, 133, 149, 165, 221, 245, 253, 277, 12_621, 12_653, 16_757, 21_941, 22_021, 22_053, 27_237,
      27_269, 27_277,
    ]);
    expect(scan.image.config).toEqual({ format: 'xml', offset: 64, length: 21 });
    expect(scan.findings).toEqual([]);
  });

  test('HVM in an xl file, with a device model', async () => {
    const scan = await scanBytes(hvmXl);
    expect(linesOf(scan)).toEqual([
      '0 -1 xl header XL_HEADER 0 80',
      '1 0 libxl header LIBXL_HEADER 80 16',
      '2 1 libxl record LIBXC_CONTEXT 96 0',
      '3 2 libxc header IMAGE_HEADER 104 24',
      '4 3 libxc header DOMAIN_HEADER 128 16',
      '5 3 libxc record X86_CPUID_POLICY 144 48',
      '6 3 libxc record X86_MSR_POLICY 200 16',
      '7 3 libxc record STATIC_DATA_END 224 0',
      '8 3 libxc record PAGE_DATA 232 12336 pages=5 pass',
      '9 3 libxc record X86_TSC_INFO 12576 24',
      '10 3 libxc record HVM_CONTEXT 12608 2120',
      '11 3 libxc record HVM_PARAMS 14736 40',
      '12 3 libxc record END 14784 0',
      '13 1 libxl record EMULATOR_XENSTORE_DATA 14792 45',
      '14 1 libxl record EMULATOR_CONTEXT 14848 26',
      '15 1 libxl record END 14888 0',
    ]);
    expect(scan.findings).toEqual([]);
    expect(scan.image.context).toEqual([
      { record: 10, typecode: 1, instance: 0, offset: 12_616, length: 24 },
      { record: 10, typecode: 2, instance: 0, offset: 12_648, length: 1032 },
      { record: 10, typecode: 2, instance: 1, offset: 13_688, length: 1032 },
      { record: 10, typecode: 0, instance: 0, offset: 14_728, length: 0 },
    ]);
  });

  test('a big-endian HVM stream without any wrapping', async () => {
    const scan = await scanBytes(bigEndianHvm);
    expect(linesOf(scan)).toEqual([
      '0 -1 libxc header IMAGE_HEADER 0 24',
      '1 0 libxc header DOMAIN_HEADER 24 16',
      '2 0 libxc record X86_CPUID_POLICY 40 48',
      '3 0 libxc record STATIC_DATA_END 96 0',
      '4 0 libxc record PAGE_DATA 104 12336 pages=5 pass',
      '5 0 libxc record X86_TSC_INFO 12448 24',
      '6 0 libxc record HVM_CONTEXT 12480 2120',
      '7 0 libxc record HVM_PARAMS 14608 40',
      '8 0 libxc record END 14656 0',
    ]);
    expect(findingsOf(scan)).toEqual(['big-endian fatal 16+2']);
    expect(scan.image.context.map(({ typecode, offset }) => [typecode, offset])).toEqual([
      [1, 12_488],
      [2, 12_520],
      [2, 13_560],
      [0, 14_600],
    ]);
  });

  test('version 2 of the libxc stream has no policies and no STATIC_DATA_END', async () => {
    const scan = await scanBytes(hvmV2);
    expect(linesOf(scan).slice(4)).toEqual([
      '4 3 libxc header DOMAIN_HEADER 128 16',
      '5 3 libxc record PAGE_DATA 144 12336 pages=5 pass',
      '6 3 libxc record X86_TSC_INFO 12488 24',
      '7 3 libxc record HVM_CONTEXT 12520 2120',
      '8 3 libxc record HVM_PARAMS 14648 40',
      '9 3 libxc record END 14696 0',
      '10 1 libxl record END 14704 0',
    ]);
    expect(scan.image.libxcVersion).toBe(2);
    expect(scan.findings).toEqual([]);
  });

  test('a 32-bit PV guest has contexts of 2800 bytes', async () => {
    const scan = await scanBytes(pv32);
    expect(linesOf(scan).slice(13)).toEqual([
      '13 3 libxc record X86_PV_VCPU_BASIC 16752 2808 vcpu=0',
      '14 3 libxc record X86_PV_VCPU_EXTENDED 19568 72 vcpu=0',
      '15 3 libxc record X86_PV_VCPU_XSAVE 19648 24 vcpu=0',
      '16 3 libxc record END 19680 0',
      '17 1 libxl record END 19688 0',
    ]);
    expect(scan.image.guestWidth).toBe(4);
    expect(scan.findings).toEqual([]);
  });
});

describe('streams that go over memory more than once', () => {
  test('live migration: passes, comparison, and the go-ahead behind the END', async () => {
    const scan = await scanBytes(liveMigration);
    expect(linesOf(scan).slice(10, 18)).toEqual([
      '10 3 libxc record PAGE_DATA 272 8224 pages=3 pass',
      '11 3 libxc record PAGE_DATA 8504 8216 pages=2',
      '12 3 libxc record PAGE_DATA 16728 8216 pages=2 pass',
      '13 3 libxc record PAGE_DATA 24952 4112 pages=1 pass',
      '14 3 libxc record VERIFY 29072 0',
      '15 3 libxc record PAGE_DATA 29080 12320 pages=3 pass',
      '16 3 libxc record PAGE_DATA 41408 8216 pages=2',
      '17 3 libxc record X86_TSC_INFO 49632 24',
    ]);
    expect(scan.image.passes).toEqual([
      { kind: 'pass', record: 10, records: 2, entries: 5, pages: 4, offset: 272 },
      { kind: 'pass', record: 12, records: 1, entries: 2, pages: 2, offset: 16_728 },
      { kind: 'pass', record: 13, records: 1, entries: 1, pages: 1, offset: 24_952 },
      { kind: 'verify', record: 15, records: 2, entries: 5, pages: 5, offset: 29_080 },
    ]);
    expect(scan.image.trailer).toEqual({
      offset: 64_296,
      length: 44,
      text: 'domain is yours, you are cleared to unpause',
    });
    expect(findingsOf(scan)).toEqual(['migration-go note 64296+44']);
    expect(scan.image).toMatchObject({ firstVerify: 14, complete: true });
  });

  test('Remus: libxc and libxl take turns, and nothing ends the stream', async () => {
    const scan = await scanBytes(remus);
    expect(linesOf(scan).slice(9)).toEqual([
      '9 3 libxc record X86_PV_P2M_FRAMES 248 16',
      '10 3 libxc record PAGE_DATA 272 12336 pages=5 pass',
      '11 3 libxc record X86_TSC_INFO 12616 24',
      '12 3 libxc record X86_PV_VCPU_BASIC 12648 5176 vcpu=0',
      '13 3 libxc record CHECKPOINT 17832 0',
      '14 1 libxl record CHECKPOINT_END 17840 0',
      '15 3 libxc record PAGE_DATA 17848 4112 pages=1 pass',
      '16 3 libxc record X86_TSC_INFO 21968 24',
      '17 3 libxc record X86_PV_VCPU_BASIC 22000 5176 vcpu=0',
      '18 3 libxc record CHECKPOINT 27184 0',
      '19 1 libxl record CHECKPOINT_END 27192 0',
      '20 3 libxc record PAGE_DATA 27200 4112 pages=1 pass',
    ]);
    expect(findingsOf(scan)).toEqual(['open-ended note 31320+0']);
    expect(scan.image).toMatchObject({ checkpoints: 2, complete: false });
    expect(scan.image.passes.map(({ record }) => record)).toEqual([10, 15, 20]);
  });

  test('Remus of an HVM guest: the device model is sent with each checkpoint', async () => {
    const scan = await scanBytes(remusHvm);
    expect(linesOf(scan).slice(10)).toEqual([
      '10 3 libxc record HVM_PARAMS 14712 40',
      '11 3 libxc record CHECKPOINT 14760 0',
      '12 1 libxl record EMULATOR_XENSTORE_DATA 14768 45',
      '13 1 libxl record EMULATOR_CONTEXT 14824 26',
      '14 1 libxl record CHECKPOINT_STATE 14864 4',
      '15 1 libxl record CHECKPOINT_END 14880 0',
      '16 3 libxc record PAGE_DATA 14888 4112 pages=1 pass',
      '17 3 libxc record X86_TSC_INFO 19008 24',
      '18 3 libxc record HVM_CONTEXT 19040 2120',
      '19 3 libxc record HVM_PARAMS 21168 40',
      '20 3 libxc record CHECKPOINT 21216 0',
      '21 1 libxl record CHECKPOINT_END 21224 0',
    ]);
    expect(scan.image.context.map(({ record }) => record)).toEqual([9, 9, 9, 9, 18, 18, 18, 18]);
  });
});

describe('records out of the ordinary', () => {
  test('an unassigned type after the domain header, as an early draft of the format had it', async () => {
    const scan = await scanBytes(savingCpu);
    expect(linesOf(scan).slice(0, 5)).toEqual([
      '0 -1 libxc header IMAGE_HEADER 0 24',
      '1 0 libxc header DOMAIN_HEADER 24 16',
      '2 0 libxc record 0x00000020 40 19 unknown',
      '3 0 libxc record X86_PV_INFO 72 8',
      '4 0 libxc record X86_CPUID_POLICY 88 48',
    ]);
    expect(scan.records.count).toBe(17);
    expect(scan.findings).toMatchObject([
      {
        id: 'unknown-record',
        severity: 'fatal',
        layer: 'libxc',
        record: 2,
        offset: 40,
        length: 4,
        found: '0x00000020',
      },
    ]);
  });

  test('an optional record of unassigned type is listed and only noted', async () => {
    const scan = await scanBytes(optionalRecord);
    expect(linesOf(scan).slice(3, 6)).toEqual([
      '3 0 libxc record PAGE_DATA 48 12336 pages=5 pass',
      '4 0 libxc record 0x80000042 12392 21 optional',
      '5 0 libxc record X86_TSC_INFO 12424 24',
    ]);
    expect(findingsOf(scan)).toEqual(['optional-record note 12392+4']);
  });

  test('TOOLSTACK and CHECKPOINT_DIRTY_PFN_LIST', async () => {
    const scan = await scanBytes(rareRecords);
    expect(linesOf(scan).slice(8, 11)).toEqual([
      '8 0 libxc record TOOLSTACK 12512 6',
      '9 0 libxc record CHECKPOINT_DIRTY_PFN_LIST 12528 16',
      '10 0 libxc record X86_TSC_INFO 12552 24',
    ]);
  });

  test('HVM context with entries of old lengths and of an unknown typecode', async () => {
    const scan = await scanBytes(oddContext);
    expect(scan.image.context).toEqual([
      { record: 5, typecode: 1, instance: 0, offset: 12_432, length: 24 },
      { record: 5, typecode: 2, instance: 0, offset: 12_464, length: 1016 },
      { record: 5, typecode: 2, instance: 1, offset: 13_488, length: 1024 },
      { record: 5, typecode: 77, instance: 3, offset: 14_520, length: 12 },
      { record: 5, typecode: 0, instance: 0, offset: 14_540, length: 0 },
    ]);
    expect(scan.records.row(5)).toMatchObject({ name: 'HVM_CONTEXT', length: 2116 });
    expect(scan.records.row(6)).toMatchObject({ name: 'END', offset: 14_552 });
  });
});

test('a row knows its group, and whether it is defined', async () => {
  const rows = rowsOf(await scanBytes(hvmXl));
  expect(rows.map(({ group }) => group)).toEqual([
    'header',
    'header',
    'control',
    'header',
    'header',
    'policy',
    'policy',
    'control',
    'pages',
    'info',
    'cpu',
    'info',
    'control',
    'device',
    'device',
    'control',
  ]);
  expect(rows.every(({ known, optional, damaged }) => known && !optional && !damaged)).toBe(true);
});
