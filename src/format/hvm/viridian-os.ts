/** What a guest of Hyper-V says it is. Source: Hyper-V TLFS § 2.6 (guest OS identity MSR); asm/guest/hyperv-tlfs.h. */
import { hex0x } from '../../lib/text';

const MICROSOFT = 1n;

const MICROSOFT_SYSTEMS: Readonly<Record<number, string>> = {
  1: 'MS-DOS',
  2: 'Windows 3.x',
  3: 'Windows 9x',
  4: 'Windows NT',
  5: 'Windows CE',
};

const OPEN_SYSTEMS: Readonly<Record<number, string>> = { 1: 'Linux', 2: 'FreeBSD', 3: 'Xen', 4: 'illumos' };

/** Writes what GUEST_OS_ID says: `Windows NT 10.0, build 20348`, `Linux, version 0x50a00`, `vendor 0x2, system 1, 1.0, build 5`. */
export function guestOs(id: bigint): string {
  if (id === 0n) return 'not said yet';
  if (id >> 63n === 1n) {
    const type = Number((id >> 56n) & 0x7fn);
    return `${OPEN_SYSTEMS[type] ?? `open-source system ${type}`}, version ${hex0x((id >> 16n) & 0xffff_ffffn)}`;
  }
  const vendor = id >> 48n;
  const system = Number((id >> 40n) & 0xffn);
  const name = vendor === MICROSOFT ? MICROSOFT_SYSTEMS[system] : undefined;
  const servicePack = (id >> 16n) & 0xffn;
  return [
    `${name ?? `vendor ${hex0x(vendor)}, system ${system},`} ${(id >> 32n) & 0xffn}.${(id >> 24n) & 0xffn}`,
    ...(servicePack === 0n ? [] : [`service pack ${servicePack}`]),
    `build ${id & 0xffffn}`,
  ].join(', ');
}
