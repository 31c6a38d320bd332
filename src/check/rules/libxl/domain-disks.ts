/** What libxl refuses of the disks in a configuration, before and after the stream is read. */
import type { Span } from '../../../lib/range';
import type { NewDomain } from '../../kit/new-domain';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

type Disk = NonNullable<NewDomain['config']['disks']>['items'][number];

const BACKEND = 'tools/libs/light/libxl_device.c: libxl__device_disk_set_backend()';
const DEFAULTS = says.libxl('Unable to set disk defaults for disk %d');
const MOST_DISK = 2 ** 20;
const MOST_NUMBER = 2 ** 31 - 1;

/** Names of disks by letters: the most disks and partitions of each kind. */
const LETTERS: readonly (readonly [prefix: string, disks: number, partitions: number])[] = [
  ['xvd', MOST_DISK, 255],
  ['hd', 4, 63],
  ['sd', 16, 15],
];

/** The number of a disk that letters name: `a` is 0, `z` 25, `aa` 26. */
const diskOf = (letters: string): number =>
  Array.from(letters).reduce((sum, letter) => (sum + 1) * 26 + (letter.codePointAt(0) ?? 0) - 0x61, -1);

/** Tells whether libxl knows a virtual disk by this name. Source: libxl_device.c, libxl__device_disk_dev_number(). */
function isDiskName(name: string): boolean {
  const byNumbers = /^d(\d+)p(\d+)$/u.exec(name);
  if (byNumbers && Number(byNumbers[1]) < MOST_DISK && Number(byNumbers[2]) < 256) return true;
  if (/^(?:\d+|0x[\da-f]+)$/iu.test(name)) return Number(name) <= MOST_NUMBER;
  return LETTERS.some(([prefix, disks, partitions]) => {
    if (!name.startsWith(prefix)) return false;
    const found = /^([a-z]{1,8})([1-9]\d{0,4})?$/u.exec(name.slice(prefix.length));
    return found !== null && diskOf(found[1] ?? '') < disks && Number(found[2] ?? 0) <= partitions;
  });
}

/** The first disk for which a test holds, with its number. */
function findDisk(
  { config }: NewDomain,
  test: (disk: Disk) => boolean,
): { readonly disk: Disk; readonly index: number } | undefined {
  const items = config.disks?.items ?? [];
  const index = items.findIndex(test);
  const disk = items[index];
  return disk && { disk, index };
}

const nameOf = ({ vdev }: Disk): string => vdev?.value ?? '(null)';

/** What a hit points at, where the value is there. */
const at = (value: { readonly at: Span } | undefined): { readonly at?: Span } => (value ? { at: value.at } : {});

export const DISK_DEFAULTS_RULES: readonly Rule<NewDomain>[] = [
  {
    id: 'LX-78',
    variant: 'empty',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Disk vdev=%s is empty but not cdrom'), DEFAULTS],
    title: 'a disk without a medium that is no CD drive',
    explain: 'Only a CD drive may have the format empty.',
    advice: ADVICE.config,
    source: BACKEND,
    when: (domain) => {
      const found = findDisk(
        domain,
        ({ format, is_cdrom }) => format?.value === 'empty' && (is_cdrom?.value ?? 0) === 0,
      );
      return found !== undefined && { ...at(found.disk.format), values: [nameOf(found.disk), found.index] };
    },
  },
  {
    id: 'LX-78',
    variant: 'backend',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('no suitable backend for disk %s'), DEFAULTS],
    title: 'a disk whose backend does not take its format or its script',
    explain: 'The backend phy takes format raw only, and qdisk takes no script.',
    advice: ADVICE.config,
    source: BACKEND,
    when: (domain) => {
      const found = findDisk(domain, ({ backend, format, script }) =>
        backend?.value === 'phy'
          ? format?.value !== 'raw' && !(domain.xen < 407 && format?.value === 'empty')
          : backend?.value === 'qdisk' && script?.value !== undefined,
      );
      return found !== undefined && { ...at(found.disk.backend), values: [nameOf(found.disk), found.index] };
    },
  },
];

export const DISK_FINISH_RULES: readonly Rule<NewDomain>[] = [
  {
    id: 'LX-79',
    variant: 'unnamed',
    layer: 'libxl',
    severity: 'fatal',
    log: [],
    title: 'a disk without a name: libxl crashes',
    explain: 'vdev is missing. libxl looks for a number in it without a look at whether it is there.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_device.c: libxl__device_disk_dev_number()',
    when: (domain) => {
      const found = findDisk(domain, ({ vdev }) => vdev?.value === undefined);
      return found !== undefined && { message: `disk ${found.index} has no vdev: libxl crashes` };
    },
  },
  {
    id: 'LX-79',
    variant: 'name',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Invalid or unsupported virtual disk identifier %s'), says.libxl('unable to add disk devices')],
    title: 'a disk whose name libxl does not know',
    explain: 'vdev names a virtual disk: hda to hdd, sda to sdp, xvda and on, d0p0 and on, or a number.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_disk.c: libxl__device_from_disk()',
    when: (domain) => {
      const found = findDisk(domain, ({ vdev }) => vdev?.value !== undefined && !isDiskName(vdev.value));
      return found !== undefined && { ...at(found.disk.vdev), values: [nameOf(found.disk)] };
    },
  },
];
