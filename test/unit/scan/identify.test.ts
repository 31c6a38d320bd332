/** What a file is by its first bytes; what is not read here is named, with what helps. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { identify, type Refusal } from '../../../src/scan/identify';
import { hvmLibxc, libvirt, pvLibxc, pvXl } from '../../fixtures/built/images';
import { scanBytes } from '../../fixtures/scanning';
import { concat, latin1, libxlStream, u32, u64, XL_MAGIC } from '../../fixtures/built/stream';

const head = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, 64);
const of = (bytes: Uint8Array): string => {
  const known = identify(head(bytes), bytes.length);
  return 'container' in known ? known.container : `refused: ${known.refusal.code}`;
};
const refusal = (bytes: Uint8Array): Refusal => {
  const known = identify(head(bytes), bytes.length);
  if ('container' in known) throw new Error(`taken for ${known.container}`);
  return known.refusal;
};
/** Bytes of a file that starts so. */
const file = (...start: readonly Uint8Array[]): Uint8Array => concat(...start, new Uint8Array(100).fill(0x11));

describe('containers that are read', () => {
  test.each([
    ['xl', pvXl],
    ['libvirt', libvirt],
    ['libxl', libxlStream(pvLibxc)],
    ['libxc', hvmLibxc],
  ])('%s', (container, bytes) => {
    expect(of(bytes)).toBe(container);
  });
});

describe('compressed files', () => {
  test.each([
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'gunzip'],
    ['gzip', gzipSync(pvXl), 'gunzip'],
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), 'zstd -d'],
    ['xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'unxz'],
    ['bzip2', latin1('BZh9'), 'bunzip2'],
    ['lz4', Uint8Array.of(0x04, 0x22, 0x4d, 0x18), 'lz4 -d'],
    ['lzop', Uint8Array.of(0x89, 0x4c, 0x5a, 0x4f), 'lzop -d'],
    ['zip', latin1('PK\x03\x04'), 'unzip'],
    ['7-Zip', latin1('7z\xbc\xaf\x27\x1c'), '7z x'],
  ])('%s', (name, start, command) => {
    const { code, title, help } = refusal(file(start));
    expect(code).toBe('compressed');
    expect(title).toContain(name);
    expect(help).toContain(command);
  });
});

describe('legacy streams: p2m_size, then the extended-info marker of PV or the first chunk of HVM', () => {
  const ones = new Uint8Array(8).fill(0xff);
  test.each([
    ['PV, 64-bit toolstack', file(u64(0x8000), ones)],
    ['PV, 32-bit toolstack', file(u32(0x8000), ones.subarray(0, 4), u32(0x1438))],
    ['HVM, 64-bit toolstack, a batch of 1024', file(u64(0x100000), u32(1024))],
    ['HVM, 32-bit toolstack, a batch of 1', file(u32(0x100000), u32(1))],
    ['HVM, 64-bit toolstack, verify mode first', file(u64(0x100000), u32(0xffff_ffff), u32(1024))],
    ['HVM, 32-bit toolstack, vcpu_info first', file(u32(0x100000), u32(0xffff_fffe), u32(3))],
    ['xend', file(latin1('LinuxGuestRecord'), u32(4, false))],
    ['XenServer, legacy', file(latin1('XenSavedDomain\n'))],
  ])('%s', (_name, bytes) => {
    expect(of(bytes)).toBe('refused: legacy');
    expect(refusal(bytes).help).toContain('convert-legacy-stream');
  });

  test('a size beyond 2^28 pages or a chunk id that never was is no legacy stream', () => {
    expect(of(file(u32(2 ** 28 + 1), u32(1)))).toBe('refused: not-xen');
    expect(of(file(u64(0x8000), u32(1025), u32(0)))).toBe('refused: not-xen');
    expect(of(file(u64(0x8000), u32(2 ** 32 - 22), u32(0)))).toBe('refused: not-xen');
    expect(of(file(u64(0), u32(1)))).toBe('refused: not-xen');
  });

  test('inside an xl file, which says so by its flags', async () => {
    const scan = await scanBytes(
      concat(latin1(XL_MAGIC), u32(0x01020304), u32(1), u32(0), u32(0), u64(0x8000), ones, new Uint8Array(64)),
    );
    expect(scan.records.count).toBe(1);
    expect(scan.findings).toMatchObject([{ id: 'legacy-stream', severity: 'fatal', offset: 36, length: 4 }]);
  });

  test('inside a libvirt file of version 1', async () => {
    const bytes = libvirt.slice();
    bytes[16] = 1;
    const scan = await scanBytes(bytes);
    expect(scan.records.count).toBe(1);
    expect(scan.findings).toMatchObject([{ id: 'legacy-stream', severity: 'fatal', offset: 16, length: 4 }]);
  });
});

describe('other files that Xen people have', () => {
  test.each([
    ['XenServer, structured', 'XenSavedDomv2-\n', 'other-format'],
    ['QEMU state', 'QEVM\0\0\0\x03', 'other-format'],
    ['detached device model record', 'QemuDeviceModelRecord', 'other-format'],
    ['return channel', 'xl migration receiver ready, send binary domain data.\n', 'other-format'],
    ['xl file after LF → CRLF', 'Xen saved domain, xl format\r\n \0 \r', 'mangled'],
    ['xl file without its NUL', 'Xen saved domain, xl format\n  \r\x04\x03\x02\x01', 'mangled'],
    ['libvirt file after LF → CRLF', 'libvirt-xml\r\n \0 \r', 'mangled'],
    ['a text', 'Once upon a time there was a hypervisor.', 'not-xen'],
    ['an ELF file', '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0', 'not-xen'],
  ])('%s', (_name, start, code) => {
    expect(of(file(latin1(start)))).toBe(`refused: ${code}`);
  });

  test('an empty file', async () => {
    expect(of(new Uint8Array(0))).toBe('refused: empty');
    const scan = await scanBytes(new Uint8Array(0));
    expect(scan.image.refusal?.code).toBe('empty');
    expect([scan.records.count, scan.findings.length, scan.fingerprint]).toEqual([0, 0, undefined]);
  });

  test('every length of start: an answer, never an exception', () => {
    for (const bytes of [pvXl, libvirt, hvmLibxc, file(u64(0x8000), new Uint8Array(8).fill(0xff))]) {
      for (let length = 1; length <= 64; length++) {
        expect(of(bytes.subarray(0, length))).toMatch(/^(?:xl|libvirt|libxc|refused: (?:legacy|not-xen|mangled))$/u);
      }
    }
  });

  test('what is refused is not indexed', async () => {
    const scan = await scanBytes(gzipSync(pvXl));
    expect(scan.records.count).toBe(0);
    expect(scan.image.container).toBeUndefined();
    expect(scan.image.refusal?.title).toBe('The file is compressed with gzip');
  });
});
