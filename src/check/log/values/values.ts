/** Values that a line of a log names, looked up in the image: where they stand, and whether the image has the same. */
import { parse } from '../../../format/kit/parse';
import { elementAt, fieldsOf } from '../../../format/kit/fields';
import { sizeOf, type StructField } from '../../../format/kit/layout';
import { HVM_CPU, HVM_CPU_COMPAT } from '../../../format/hvm/cpu';
import { loadedCpu } from '../../../format/hvm/loaded';
import { HVM_CPU_MSR, HVM_MSRS_AT, HVM_ONE_MSR } from '../../../format/hvm/msrs';
import { HVM_PARAM, HVM_PARAMS, HVM_PARAMS_HEADER_SIZE } from '../../../format/libxc/hvm-params';
import { HVM_PARAM_NAMES } from '../../../format/libxc/hvm-param-table';
import { CPUID_LEAF, MSR_ENTRY, X86_CPUID_POLICY, X86_MSR_POLICY } from '../../../format/libxc/policy';
import { VCPU_HEADER_SIZE } from '../../../format/libxc/vcpu-header';
import { QEMU_NAME_OFFSET } from '../../../format/qemu/layouts';
import { MSR_NAMES } from '../../../format/x86/msrs';
import { HVM_XSAVE } from '../../../format/x86/xsave-layouts';
import { indexOfBytes, latin1Bytes } from '../../../lib/bytes';
import type { Span } from '../../../lib/range';
import { hex0x } from '../../../lib/text';
import type { LogImage, Part } from './image';

/** What a line says of a value, and where the image has it. */
export interface Value {
  /** What stands there, and how it goes with the line. */
  readonly note: string;
  /** What was refused, for the headline; only where the image has the very value of the line. */
  readonly refused?: string;
  /** The rule that goes by this value, of several that print such a line. */
  readonly key?: string;
  readonly record?: number;
  readonly offset?: number;
  readonly length?: number;
}

interface Lookup {
  readonly pattern: RegExp;
  readonly find: (image: LogImage, groups: Readonly<Record<string, string>>) => Promise<Value | undefined>;
}

const OTHER_FILE = 'the log may be of another file';

/** Says where a value stands, and whether it is that of the line. */
function compared(what: string, told: bigint, here: bigint, part: Part, at: Span): Value {
  const place = { record: part.record, offset: part.body + at.offset, length: at.length };
  return told === here
    ? { note: `${what} = ${hex0x(here)}, as in this image`, refused: `${what} = ${hex0x(here)}`, ...place }
    : { note: `${what} is ${hex0x(here)} in this image: ${OTHER_FILE}`, ...place };
}

const absent = (what: string): Value => ({ note: `${what}, which is not in this image: ${OTHER_FILE}` });
const numberOf = (text: string | undefined): bigint => BigInt(text ?? 0);

/** The registers of the CPU entry that lines name, by the name that they have there. */
const REGISTERS = {
  CR0: 'cr0',
  CR4: 'cr4',
  EFER: 'msr_efer',
  DR6: 'dr6',
  DR7: 'dr7',
} as const satisfies Readonly<Record<string, keyof typeof HVM_CPU.fields>>;

const isRegister = (name: string): name is keyof typeof REGISTERS => Object.hasOwn(REGISTERS, name);
const cpuField = fieldsOf(HVM_CPU);
const compatField = fieldsOf(HVM_CPU_COMPAT);

async function register(
  image: LogImage,
  name: string,
  told: bigint,
  vcpu: number | undefined,
): Promise<Value | undefined> {
  if (!isRegister(name)) return undefined;
  const field = REGISTERS[name];
  const wanted = vcpu === undefined ? image.instancesOf('CPU') : [vcpu];
  let first: Value | undefined;
  // A line without a vCPU is of the one that has the value.
  for (const id of wanted.slice(0, VCPUS_TRIED)) {
    const part = image.entry('CPU', id);
    if (!part) continue;
    const bytes = await image.bytes(part);
    const here = loadedCpu(bytes)[field];
    const at = bytes.length === sizeOf(HVM_CPU_COMPAT) ? compatField(field) : cpuField(field);
    const value = compared(`${name} of vCPU ${id}`, told, here, part, at);
    if (value.refused !== undefined) return value;
    first ??= value;
  }
  return first ?? absent(`${name}${vcpu === undefined ? '' : ` of vCPU ${vcpu}`}`);
}

/** vCPUs looked through for a value that a line names without one. */
const VCPUS_TRIED = 256;

const msrName = (index: number): string => {
  const name = MSR_NAMES[index];
  return `MSR ${hex0x(index)}${name === undefined ? '' : ` (${name})`}`;
};

async function msr(image: LogImage, index: number, told: bigint, vcpu: number): Promise<Value> {
  const what = `${msrName(index)} of vCPU ${vcpu}`;
  const hvm = image.entry('CPU_MSR', vcpu);
  const part = hvm ?? image.record(image.kept.vcpus.get(vcpu)?.msrs);
  if (!part) return absent(what);
  const bytes = await image.bytes(part);
  const [layout, first, number, value] = hvm
    ? ([HVM_ONE_MSR, HVM_MSRS_AT, 'index', 'val'] as const)
    : ([MSR_ENTRY, VCPU_HEADER_SIZE, 'idx', 'val'] as const);
  const size = sizeOf(layout);
  const count = hvm && bytes.length >= HVM_MSRS_AT ? parse(HVM_CPU_MSR.fields.count, bytes) : Number.POSITIVE_INFINITY;
  for (let item = 0; item < count && first + (item + 1) * size <= bytes.length; item++) {
    const entry: Readonly<Record<string, unknown>> = parse(layout as StructField, bytes, true, first + item * size);
    const here = entry[value];
    if (entry[number] === index && typeof here === 'bigint')
      return compared(what, told, here, part, elementAt(layout, item, first));
  }
  return absent(what);
}

async function xsave(image: LogImage, vcpu: number, accum: bigint, xcr0: bigint): Promise<Value> {
  const part = image.entry('CPU_XSAVE', vcpu);
  if (!part) return absent(`the extended state of vCPU ${vcpu}`);
  const field = fieldsOf(HVM_XSAVE);
  const here = await image.fields(HVM_XSAVE, part);
  const what = `XCR0_accum of vCPU ${vcpu}`;
  if (here.xcr0 !== xcr0) return compared(`XCR0 of vCPU ${vcpu}`, xcr0, here.xcr0, part, field('xcr0'));
  return compared(what, accum, here.xcr0_accum, part, field('xcr0_accum'));
}

/** What a line of libxc has in place of a leaf, subleaf or MSR that Xen did not object to. */
const NONE = 0xffff_ffff;
/** The rule that compares what a leaf counts with the target. */
const LEAF_RULES: Readonly<Record<number, string>> = { 0: 'HO-08', 7: 'HO-09', 0x8000_0000: 'HO-10' };

async function policy(image: LogImage, leaf: number, subleaf: number, index: number): Promise<Value | undefined> {
  if (index !== NONE) {
    const part = image.record(image.kept.msrPolicy);
    if (!part) return absent(`the policy of ${msrName(index)}`);
    const { msr: list } = parse(X86_MSR_POLICY, await image.bytes(part));
    const item = list.findLastIndex(({ idx }) => idx === index);
    if (item < 0) return absent(`the policy of ${msrName(index)}`);
    const at = elementAt(MSR_ENTRY, item);
    return {
      note: `the policy of ${msrName(index)}`,
      record: part.record,
      offset: part.body + at.offset,
      length: at.length,
    };
  }
  if (leaf === NONE) return undefined;
  const what = `CPUID leaf ${hex0x(leaf)}${subleaf === NONE ? '' : `:${subleaf}`}`;
  const part = image.record(image.kept.cpuidPolicy);
  if (!part) return absent(what);
  const { leaf: list } = parse(X86_CPUID_POLICY, await image.bytes(part));
  const item = list.findLastIndex((one) => one.leaf === leaf && one.subleaf === subleaf);
  const found = list[item];
  if (!found) return absent(what);
  const at = elementAt(CPUID_LEAF, item);
  const key = LEAF_RULES[leaf];
  return {
    note: `${what}: eax ${hex0x(found.eax)} ebx ${hex0x(found.ebx)} ecx ${hex0x(found.ecx)} edx ${hex0x(found.edx)}`,
    ...(key === undefined ? {} : { key }),
    record: part.record,
    offset: part.body + at.offset,
    length: at.length,
  };
}

async function param(image: LogImage, index: number, told: bigint): Promise<Value> {
  const what = `HVM parameter ${index} (${HVM_PARAM_NAMES[index] ?? 'unknown'})`;
  let found: Value | undefined;
  for (const row of image.kept.hvmParams) {
    const part = image.record(row);
    if (!part) continue;
    const bytes = await image.bytes(part);
    const size = sizeOf(HVM_PARAM);
    const { count } = parse(HVM_PARAMS, bytes.subarray(0, Math.max(HVM_PARAMS_HEADER_SIZE, 0)));
    for (let item = 0; item < count && HVM_PARAMS_HEADER_SIZE + (item + 1) * size <= bytes.length; item++) {
      const entry = parse(HVM_PARAM, bytes, true, HVM_PARAMS_HEADER_SIZE + item * size);
      if (entry.index !== BigInt(index)) continue;
      found = compared(what, told, entry.value, part, elementAt(HVM_PARAM, item, HVM_PARAMS_HEADER_SIZE));
      if (found.refused !== undefined) return found;
    }
  }
  return found ?? absent(what);
}

async function qemuSection(image: LogImage, name: string): Promise<Value> {
  const part = image.emulator;
  const what = `the state of ${name}`;
  if (!part) return absent(what);
  const at = indexOfBytes(await image.bytes(part), latin1Bytes(name));
  if (at < QEMU_NAME_OFFSET) return absent(what);
  const start = at - QEMU_NAME_OFFSET;
  return {
    note: `${what}, which QEMU was not told to create`,
    refused: what,
    record: part.record,
    offset: part.body + start,
    length: QEMU_NAME_OFFSET + name.length,
  };
}

const HEX = '(?:0x)?[\\da-f]+';
const named = (pattern: string): RegExp => new RegExp(pattern, 'u');
const vcpuOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
const hexOf = (text: string | undefined): bigint => BigInt(`0x${(text ?? '0').replace(/^0x/u, '')}`);

/** What lines name, and how it is looked up. Messages as Xen and libxc of 4.6 and newer print them. */
const LOOKUPS: readonly Lookup[] = [
  {
    pattern: named(`^(?:HVM |PV )?d\\d+v(?<vcpu>\\d+) load MSR (?<msr>${HEX}) with value (?<value>${HEX}) failed`),
    find: (image, { vcpu, msr: index, value }) => msr(image, Number(hexOf(index)), hexOf(value), Number(vcpu)),
  },
  {
    pattern: named(
      `^HVM\\d+\\.(?<vcpu>\\d+) restore: inconsistent xsave state \\(feat=${HEX} accum=(?<accum>${HEX}) xcr0=(?<xcr0>${HEX}) `,
    ),
    find: (image, { vcpu, accum, xcr0 }) => xsave(image, Number(vcpu), hexOf(accum), hexOf(xcr0)),
  },
  {
    pattern: named(`^d\\d+v(?<vcpu>\\d+): HVM restore: bad DR6 (?<dr6>${HEX}) or DR7 (?<dr7>${HEX})`),
    find: async (image, { vcpu, dr6, dr7 }) => {
      // Either can be the one that was refused: the image has this very state only if it has both.
      const first = await register(image, 'DR7', hexOf(dr7), vcpuOf(vcpu));
      return first?.refused === undefined ? first : register(image, 'DR6', hexOf(dr6), vcpuOf(vcpu));
    },
  },
  {
    pattern: named(`^d\\d+v(?<vcpu>\\d+): HVM restore: bad (?<name>CR0|CR4|EFER) (?<value>${HEX})`),
    find: (image, { vcpu, name = '', value }) => register(image, name, hexOf(value), vcpuOf(vcpu)),
  },
  {
    pattern: named(`^HVM\\d+ restore: bad (?<name>CR0|CR4|EFER) (?<value>${HEX})`),
    find: (image, { name = '', value }) => register(image, name, hexOf(value), undefined),
  },
  {
    pattern: named(`^Failed to set CPUID policy: leaf (?<leaf>${HEX}), subleaf (?<subleaf>${HEX}), msr (?<msr>${HEX})`),
    find: (image, { leaf, subleaf, msr: index }) =>
      policy(image, Number(hexOf(leaf)), Number(hexOf(subleaf)), Number(hexOf(index))),
  },
  {
    pattern: named(`^set HVM param (?<index>\\d+) = (?<value>${HEX})`),
    find: (image, { index, value }) => param(image, Number(numberOf(index)), hexOf(value)),
  },
  {
    pattern: /^Unknown savevm section or instance '(?<name>[^']{1,255})'/u,
    find: (image, { name = '' }) => qemuSection(image, name),
  },
  {
    pattern: /^Missing section footer for (?<name>\S{1,255})/u,
    find: async (image, { name = '' }) => {
      const found = await qemuSection(image, name);
      return { ...found, key: 'QM-08', note: `the state of ${name}, which QEMU read to another length` };
    },
  },
];

/** Looks up what a message names; undefined for one that names nothing that could be looked up. */
export async function lookUp(message: string, image: LogImage): Promise<Value | undefined> {
  for (const { pattern, find } of LOOKUPS) {
    const groups = pattern.exec(message)?.groups;
    if (groups) return find(image, groups);
  }
  return undefined;
}
