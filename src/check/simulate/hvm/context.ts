/** hvm_load(): the HVM context entry by entry, as Xen loads it. Source: xen/arch/x86/hvm/save.c. */
import { readSmall, readU32, readU64 } from '../../../format/kit/bytes';
import { HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import { HvmType } from '../../../format/hvm/types';
import type { Reading } from '../../../scan/reader';
import { errnoTail } from '../../kit/errno';
import { entryName } from '../../kit/part-name';
import { type LogLine, says } from '../../kit/log-line';
import type { Place } from '../../kit/rule';
import { HVM_HEADER_RULES, HVM_PRESENCE_RULES, HVM_STEP_RULES } from '../../rules/hvm/context/context';
import { CPU_RULES } from '../../rules/hvm/context/cpu';
import { DEVICE_RULES } from '../../rules/hvm/context/devices';
import { ENTRY_RULES, type HvmEntrySubject, hvmSizes } from '../../rules/hvm/context/entry';
import { MSR_RULES } from '../../rules/hvm/context/msrs';
import { X2APIC_RULES, x2apicOf } from '../../rules/hvm/context/x2apic';
import { XSAVE_RULES } from '../../rules/hvm/context/xsave';
import { MEMORY_RULES } from '../../rules/presence';
import type { Simulation, Tail } from '../simulation';
import { hasPage } from './has-page';
import { nextInstruction } from './next-instruction';

/** Contexts longer than this are not looked into: a real one has some 10 KiB a VCPU. */
const CONTEXT_LIMIT = 16 * 1024 * 1024;
const HEADER_END = HVM_DESCRIPTOR_SIZE + 24;
/** What follows msr_tsc_aux in the CPU entry of Xen 3.x, which had none. */
const OLD_CPU = { size: 1016, gap: 1000 } as const;
const CPU_SIZE = 1032;

const NOT_RESTORED = 'Unable to restore HVM context';
/** What libxc hears: before 4.13 loading failed with -1 whatever the reason, which reads as EPERM. */
const heard = ({ xen }: Simulation, errno: number): LogLine =>
  says.libxc(NOT_RESTORED + errnoTail(xen >= 413 ? errno : 1));
const contextFailed =
  (sim: Simulation): Tail =>
  (hit, rule) => [heard(sim, hit.errno ?? rule.errno ?? 22)];

interface Context {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

interface Entry {
  readonly at: number;
  readonly typecode: number;
  readonly instance: number;
  readonly length: number;
}

export function* loadContext(sim: Simulation, end: Place): Reading<void> {
  const blob = sim.libxc.context;
  const offset = blob?.offset ?? end.offset;
  const bytes = blob ? yield* sim.read(blob.offset, Math.min(blob.length, CONTEXT_LIMIT)) : new Uint8Array(0);
  const head = {
    size: bytes.length,
    typecode: readSmall(bytes, 0, 2, true),
    length: readU32(bytes, 4, true),
    magic: readU32(bytes, 8, true),
    version: readU32(bytes, 12, true),
    cpuid: readU32(bytes, 24, true),
    hostCpuid: sim.target?.host.leaf(1)?.eax,
  };
  const whole = { offset, length: blob?.length ?? end.length };
  if (sim.apply(HVM_HEADER_RULES, head, whole, contextFailed(sim)) && head.typecode !== HvmType.HEADER) return;
  const context = { bytes, offset };
  // Since 4.19 a first pass looks at everything before the second loads it.
  if (sim.xen >= 419 && walk(sim, context, 'check') === undefined) return;
  const entries = walk(sim, context, 'load');
  if (!entries) return;
  notePresence(sim, entries, whole);
  noteX2apic(sim, context, entries);
  yield* noteMemory(sim, context, entries);
}

/** VCPUs whose next instruction is looked up. */
const VCPU_LIMIT = 64;

function* noteMemory(sim: Simulation, context: Context, entries: readonly Entry[]): Reading<void> {
  if (sim.blankPages) return;
  for (const entry of entries.filter(({ typecode }) => typecode === HvmType.CPU).slice(0, VCPU_LIMIT)) {
    const next = yield* nextInstruction(sim, entry.instance, bodyOf(context, entry));
    const place = { offset: context.offset + entry.at, length: HVM_DESCRIPTOR_SIZE + entry.length };
    sim.apply(MEMORY_RULES, next, place);
  }
}

function noteX2apic(sim: Simulation, context: Context, entries: readonly Entry[]): void {
  for (const entry of entries.filter(({ typecode }) => typecode === LAPIC)) {
    const regs = entries.findLast(({ typecode, instance }) => typecode === LAPIC_REGS && instance === entry.instance);
    if (!regs || (readU64(bodyOf(context, entry), 0, true) & X2APIC_ENABLED) !== X2APIC_ENABLED) continue;
    const place = { offset: context.offset + regs.at, length: HVM_DESCRIPTOR_SIZE + regs.length };
    sim.apply(X2APIC_RULES, x2apicOf(entry.instance, bodyOf(context, regs)), place);
  }
}

/** One pass over the entries; those that there are, or undefined where Xen gave up. */
function walk(sim: Simulation, context: Context, pass: 'check' | 'load'): Entry[] | undefined {
  const { bytes, offset } = context;
  const entries: Entry[] = [];
  const accum = new Map<number, bigint>();
  let at = HEADER_END;
  for (;;) {
    const entry = {
      at,
      typecode: readSmall(bytes, at, 2, true),
      instance: readSmall(bytes, at + 2, 2, true),
      length: readU32(bytes, at + 4, true),
    };
    const left = bytes.length - at;
    const place = {
      offset: offset + Math.min(at, bytes.length),
      length: Math.max(0, Math.min(HVM_DESCRIPTOR_SIZE + entry.length, left)),
    };
    const checks = sim.xen >= 419;
    if (
      pass === (checks ? 'check' : 'load') &&
      sim.apply(HVM_STEP_RULES, { ...entry, left, xen: sim.xen }, place, contextFailed(sim))
    )
      return undefined;
    if (left < HVM_DESCRIPTOR_SIZE || entry.typecode === HvmType.END) return [...entries, entry];
    const isChecked = hvmSizes(sim.xen)[entry.typecode]?.checked === true;
    if (checks && pass === 'check' && !isChecked) {
      at += HVM_DESCRIPTOR_SIZE + entry.length;
      entries.push(entry);
      continue;
    }
    if (!(checks && pass === 'load' && isChecked) && loadEntry(sim, context, { ...entry, accum }, place, pass)) {
      const { typecode, instance } = entry;
      sim.fact(`entry ${entries.length + 1} behind the header: ${entryName(typecode, instance)}`);
      return undefined;
    }
    entries.push(entry);
    at += HVM_DESCRIPTOR_SIZE + entry.length;
  }
}

/** The body, with zeros where an older Xen wrote less. */
function bodyOf({ bytes }: Context, { at, typecode, length }: Entry): Uint8Array {
  const raw = bytes.subarray(at + HVM_DESCRIPTOR_SIZE, at + HVM_DESCRIPTOR_SIZE + length);
  if (typecode !== HvmType.CPU || raw.length >= CPU_SIZE) return raw;
  const body = new Uint8Array(CPU_SIZE);
  if (raw.length === OLD_CPU.size) {
    body.set(raw.subarray(0, OLD_CPU.gap));
    body.set(raw.subarray(OLD_CPU.gap), OLD_CPU.gap + 8);
  } else body.set(raw);
  return body;
}

/** With what the entries before it have set. */
interface Loading extends Entry {
  readonly accum: Map<number, bigint>;
}

function loadEntry(sim: Simulation, context: Context, entry: Loading, place: Place, pass: 'check' | 'load'): boolean {
  const { typecode, instance, length, at, accum } = entry;
  const subject: HvmEntrySubject = {
    typecode,
    instance,
    length,
    remaining: context.bytes.length - at - HVM_DESCRIPTOR_SIZE,
    body: bodyOf(context, entry),
    xen: sim.xen,
    kind: sim.config?.type ?? 'hvm',
    maxVcpus: sim.config?.maxVcpus ?? Number.POSITIVE_INFINITY,
    nestedHvm: sim.config?.nestedHvm ?? false,
    cpu: sim.guestCpu,
    isPopulated: (pfn) => hasPage(sim, pfn),
    target: sim.target,
    accum: accum.get(instance) ?? 0n,
  };
  if (typecode === HvmType.CPU_XSAVE) accum.set(instance, readU64(subject.body, 16, true));
  const tail = entryFailed(sim, entry, pass);
  for (const rules of [ENTRY_RULES, CPU_RULES, DEVICE_RULES, XSAVE_RULES, MSR_RULES])
    if (sim.apply(rules, subject, place, tail)) return true;
  return false;
}

/** What Xen prints of an entry that was refused, and libxc after it. */
function entryFailed(sim: Simulation, { typecode, instance }: Entry, pass: string): Tail {
  const name = hvmSizes(sim.xen)[typecode]?.name ?? '';
  return (hit, rule) => {
    const errno = hit.errno ?? rule.errno ?? 22;
    const line =
      sim.xen >= 419
        ? `HVM restore dN: failed to ${pass} ${name}:${instance} rc ${-errno}`
        : `HVMN restore: failed to load entry ${typecode}/${instance}${sim.xen >= 413 ? ` rc ${-errno}` : ''}`;
    return [says.xen(line), heard(sim, errno)];
  };
}

/** What Xen saves of every HVM guest, and of no PVH guest: type and instance. */
const BOARD: readonly (readonly [name: string, typecode: number, instance: number])[] = [
  ['PIC 0', 3, 0],
  ['PIC 1', 3, 1],
  ['IOAPIC', 4, 0],
  ['PIT', 10, 0],
  ['RTC', 11, 0],
  ['HPET', 12, 0],
  ['PMTIMER', 13, 0],
];

const LAPIC = 5;
const LAPIC_REGS = 6;
const PIC = 3;
const X2APIC_ENABLED = 0xc00n;

function notePresence(sim: Simulation, entries: readonly Entry[], whole: Place): void {
  const of = (type: number): Entry[] => entries.filter(({ typecode }) => typecode === type);
  const ids = (type: number): number[] => of(type).map(({ instance }) => instance);
  const cpus = ids(HvmType.CPU);
  const lapics = new Set(ids(LAPIC));
  const regs = new Set(ids(LAPIC_REGS));
  const seen = new Set<string>();
  const repeated = entries.flatMap(({ typecode, instance }) => {
    const key = `${hvmSizes(sim.xen)[typecode]?.name ?? 'END'} ${instance}`;
    const again = seen.has(key);
    seen.add(key);
    return again ? [key] : [];
  });
  const end = entries.at(-1);
  const rest = end?.typecode === HvmType.END ? whole.length - end.at - HVM_DESCRIPTOR_SIZE - end.length : 0;
  const noLapic = cpus.filter((id) => !lapics.has(id) || !regs.has(id));
  const missing = BOARD.filter(([, type, id]) => !of(type).some(({ instance }) => instance === id || type !== PIC));
  const noDevices = missing.length < BOARD.length ? missing.map(([name]) => name) : [];
  sim.apply(HVM_PRESENCE_RULES, { cpus, noLapic, noDevices, repeated, rest }, whole);
  sim.fact(`HVM context of ${entries.length} entries, ${new Set(cpus).size} VCPU${cpus.length === 1 ? '' : 's'}`);
}
