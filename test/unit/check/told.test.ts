/**
 * What a check says is shown to others: reports, links, JSON. No value of a configuration is in it, and of the guest’s
 * memory nothing but the word that a reader takes for a header, an entry or a number where one must stand, as Xen logs it.
 */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import { reportJson } from '../../../src/check/json';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { hvmLibxc, pvLibxc } from '../../fixtures/built/images';
import { concat, emulatorRecord, latin1, libvirtFile, libxlStream, XL, xlHeader } from '../../fixtures/built/stream';
import { marked, MARKS, mutantOf } from '../../fuzz/privacy';
import { loadSeeds } from '../../fuzz/seeds';

/** Values that stand nowhere else: names, paths, a UUID, a MAC address, a number. */
const CONFIG = {
  c_info: { type: 'pv', name: 'SECRET-name', uuid: '5ec2e700-aaaa-4bbb-8ccc-0123456789ab', pool_name: 'SECRET-pool' },
  b_info: { max_vcpus: 2, max_memkb: 987_654_321, kernel: '/SECRET-kernel', cmdline: 'SECRET-command', 'type.pv': {} },
  disks: [{ pdev_path: '/SECRET-path', vdev: 'xvda', format: 'SECRET-format' }],
  nics: [{ mac: '00:16:3e:5e:c2:e7', script: 'SECRET-script', bridge: 'SECRET-bridge' }],
  vfbs: [{ vnc: { passwd: 'SECRET-password' } }],
  on_reboot: 'SECRET-action',
};
const JSON_TEXT = `${JSON.stringify(CONFIG)}\0`;
const XML =
  '<domain type="xen"><name>SECRET-name</name><uuid>5ec2e700-aaaa</uuid><os><kernel>/SECRET-kernel</kernel></os></domain>\0';
const CFG = 'name = "SECRET-name"\nmemory = 987654\ndisk = [ "SECRET-disk" ]\nvif = [ "mac=00:16:3e:5e:c2:e7" ]\n';
const xenstore = emulatorRecord(XL.XENSTORE_DATA, latin1('physmap/1/name\0SECRET-xenstore\0'));

/** Everything that a check says of an image: its JSON, and the facts of its story. */
async function toldOf(bytes: Uint8Array, xen: 406 | 417 | 420): Promise<string> {
  const source = memorySource(bytes);
  const scan = await new Scan(source).run();
  const result = await check(scan, source, { xen });
  return JSON.stringify([reportJson(result, scan, source), result.stages, result.findings.map(({ log }) => log)]);
}

test.each([
  ['JSON', concat(xlHeader(JSON_TEXT), libxlStream(pvLibxc)), 52, JSON_TEXT],
  ['JSON of an HVM guest', concat(xlHeader(JSON_TEXT), libxlStream(hvmLibxc, [xenstore])), 52, JSON_TEXT],
  ['xl.cfg text', concat(xlHeader(CFG, { flags: 2 }), libxlStream(pvLibxc)), 52, CFG],
  ['XML', libvirtFile(libxlStream(pvLibxc), XML), 64, XML],
] as const)('no value of a configuration in %s, however it is broken', async (_name, image, start, text) => {
  const values = /.{0,80}(?:SECRET|5ec2e7|5e:c2:e7|987[^\w"]?654).{0,40}/u;
  expect(values.exec(await toldOf(image, 417))?.[0]).toBeUndefined();
  for (let at = start; at < start + text.length; at += 2) {
    const broken = image.slice();
    // A bit of a letter, a quote, a comma: values that are none, texts that end early, names that nobody knows.
    broken[at] = [(image[at] ?? 0) ^ 1, 0x22, 0x2c][((at / 3) % 3) | 0] ?? 0;
    expect(values.exec(await toldOf(broken, at % 2 === 0 ? 420 : 406))?.[0]).toBeUndefined();
  }
});

test('of marked memory no more than one word', async () => {
  const { built, restorable } = await loadSeeds(false);
  const seeds = [...built, ...restorable].map((seed) => marked(seed, 'text'));
  const mark = MARKS['text']?.block(0) ?? new Uint8Array(0);
  // As text, and in hex as it stands and as a number; 9 bytes and more, wherever they begin.
  const twice = Buffer.concat([mark, mark]);
  const forms = Array.from({ length: 16 }, (_, from) => {
    const part = twice.subarray(from, from + 9);
    return [part.toString('latin1'), part.toString('hex'), Buffer.from(part.toReversed()).toString('hex')];
  }).flat();
  for (let number = 0; number < 300; number++) {
    const { name, bytes } = mutantOf(number, seeds);
    const told = (await toldOf(bytes, 417)).toLowerCase();
    expect(
      forms.filter((form) => told.includes(form.toLowerCase())),
      `mutant ${number} of ${name}`,
    ).toEqual([]);
  }
});
