/** What of each record type's body may be kept. A type that is not here does not compile. */
import { readU32 } from '../kit/bytes';
import { fixedSize, sizeOf, type StructField } from '../kit/layout';
import { PLAIN_RECORDS } from '../libxc/info';
import type { LibxcType } from '../libxc/types';
import { EMULATOR_HEADER_SIZE, EmulatorId } from '../libxl/layouts';
import type { LibxlType } from '../libxl/types';
import { HVM_CONTEXT, HVM_PARAMS } from './hvm';
import type { Judge, Stretch } from './judge';
import { structure } from './judge';
import { CPUID_POLICY, MSR_POLICY } from './policy';
import { P2M_FRAMES, SHARED_INFO, VCPU_BASIC, VCPU_EXTENDED, VCPU_MSRS, VCPU_XSAVE } from './pv';
import { QEMU_LIMIT, qemuStretches } from './qemu';
import { areXenstoreEntries, CONFIG_LIMIT } from './text';

/** A type without a body, or one whose body no reader of a file knows: nothing of it is kept. */
const NOTHING: Judge = { most: 0, keeps: () => undefined };

/** Returns the bytes of a structure up to the reserved ones at its end. */
function meaningOf({ fields }: StructField, size: number): number {
  const last = Object.values(fields).at(-1);
  return last?.reserved === true ? size - sizeOf(last) : size;
}

/** Judges a body that is one small structure; one without a fixed size, whatever it holds, is not kept. */
function plain(layout: StructField): Judge {
  const size = fixedSize(layout);
  if (size === undefined) return NOTHING;
  const meaning = meaningOf(layout, size);
  return { most: size, keeps: (body) => structure(body, meaning, 'guest') };
}

/** Records whose whole body is a structure: what its layout gives a meaning is kept. */
const PLAIN_JUDGES = Object.fromEntries(
  Object.entries(PLAIN_RECORDS).map(([name, layout]) => [name, plain(layout)]),
) as Readonly<Record<keyof typeof PLAIN_RECORDS, Judge>>;

/** The judge of each record type of libxc. PAGE_DATA is judged while its list is read: only the list may be kept. */
export const LIBXC_JUDGES: Readonly<Record<keyof typeof LibxcType, Judge>> = {
  ...PLAIN_JUDGES,
  END: NOTHING,
  PAGE_DATA: NOTHING,
  X86_PV_P2M_FRAMES: P2M_FRAMES,
  X86_PV_VCPU_BASIC: VCPU_BASIC,
  X86_PV_VCPU_EXTENDED: VCPU_EXTENDED,
  X86_PV_VCPU_XSAVE: VCPU_XSAVE,
  SHARED_INFO,
  HVM_CONTEXT,
  HVM_PARAMS,
  X86_PV_VCPU_MSRS: VCPU_MSRS,
  VERIFY: NOTHING,
  CHECKPOINT: NOTHING,
  STATIC_DATA_END: NOTHING,
  X86_CPUID_POLICY: CPUID_POLICY,
  X86_MSR_POLICY: MSR_POLICY,
};

const HIGHEST_EMULATOR = Math.max(...Object.values(EmulatorId));

/** Tells whether a body starts with the header of both emulator records. */
const namesEmulator = (body: Uint8Array, little: boolean): boolean =>
  readU32(body, 0, little) <= HIGHEST_EMULATOR && readU32(body, 4, little) === 0;

const EMULATOR_HEAD: Stretch = { from: 0, to: EMULATOR_HEADER_SIZE, kind: 'devices' };

/** The judge of each record type of libxl. */
export const LIBXL_JUDGES: Readonly<Record<keyof typeof LibxlType, Judge>> = {
  END: NOTHING,
  LIBXC_CONTEXT: NOTHING,
  EMULATOR_XENSTORE_DATA: {
    most: CONFIG_LIMIT,
    keeps: (body, { little }) =>
      namesEmulator(body, little) && areXenstoreEntries(body.subarray(EMULATOR_HEADER_SIZE))
        ? [EMULATOR_HEAD, { from: EMULATOR_HEADER_SIZE, to: body.length, kind: 'config', secret: 'config' }]
        : undefined,
  },
  EMULATOR_CONTEXT: {
    most: QEMU_LIMIT,
    keeps: (body, { little }) => {
      const sections = namesEmulator(body, little) ? qemuStretches(body, EMULATOR_HEADER_SIZE) : undefined;
      return sections && [EMULATOR_HEAD, ...sections];
    },
  },
  CHECKPOINT_END: NOTHING,
  CHECKPOINT_STATE: {
    most: 4,
    keeps: (body, { little }) => (readU32(body, 0, little) <= 3 ? structure(body, 4, 'guest') : undefined),
  },
};
