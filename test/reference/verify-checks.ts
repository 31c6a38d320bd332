/**
 * Everything that Xen's verify-stream-v2 (tools/python/scripts/verify-stream-v2, tools/python/xen/migration) objects to
 * or warns of, and the rules that cover it here.
 */
export interface VerifyCheck {
  readonly part: string;
  readonly objects: string;
  /** Ids of rules. */
  readonly rules: readonly string[];
}

const parts = (part: string, checks: Readonly<Record<string, string>>): VerifyCheck[] =>
  Object.entries(checks).map(([objects, rules]) => ({ part, objects, rules: rules.split(' ') }));

export const VERIFY_CHECKS: readonly VerifyCheck[] = [
  ...parts('xl header', {
    'other first 32 bytes': 'XL-03',
    'the file ends in the header or the optional data': 'XL-02 XL-09',
    'STREAMv2 flag clear: what follows must be a libxc stream': 'LX-29 LX-52',
  }),
  ...parts('libxl header', {
    'an ident other than LibxlFmt': 'LX-01',
    'a version other than 2': 'LX-02',
    'reserved options': 'LX-04',
    'big-endian': 'LX-03',
  }),
  ...parts('libxl records', {
    'the file ends in a record, or before END': 'LX-05 LX-45',
    'an unknown type, optional or not': 'LX-08',
    'padding that is not zero': 'LX-50',
    'a body in END, LIBXC_CONTEXT or CHECKPOINT_END': 'LX-10',
    'EMULATOR_XENSTORE_DATA shorter than its header': 'LX-12',
    'EMULATOR_CONTEXT shorter than its header': 'LX-18',
    'an emulator id that does not exist': 'LX-51',
    'xenstore data whose end is not NUL': 'LX-13 LX-16',
    'xenstore data of an odd number of strings': 'LX-16',
    'an empty CHECKPOINT_STATE': 'LX-22',
  }),
  ...parts('image header', {
    'the file ends in it': 'LC-01',
    'another marker': 'LC-02',
    'an id other than XENF': 'LC-03',
    'a version other than 2 and 3': 'LC-04 LC-05',
    'reserved options': 'LC-07',
    'reserved words': 'LC-07',
    'big-endian': 'LC-06',
  }),
  ...parts('domain header', {
    'the file ends in it': 'LC-08',
    'a type other than PV and HVM': 'LC-09',
    'the reserved word': 'LC-53',
    'a page shift other than 12': 'LC-10 LC-58',
    'Xen 0.x: tells of a converted stream': 'LC-11',
  }),
  ...parts('libxc records', {
    'the file ends in a record, or before END': 'LC-13 LC-16',
    'an unknown type, optional or not': 'LC-17 LC-18',
    'padding that is not zero': 'LC-20',
    'a body in END, VERIFY, CHECKPOINT or STATIC_DATA_END': 'LC-21',
    'a record of version 3 in a stream of version 2': 'LC-54',
    TOOLSTACK: 'LC-17',
    CHECKPOINT_DIRTY_PFN_LIST: 'LC-17',
  }),
  ...parts('PAGE_DATA', {
    'no longer than its header': 'LC-33 LC-34 LC-35',
    'the reserved word': 'LC-56',
    'no room for the list of PFNs': 'LC-35',
    'reserved bits of a PFN entry': 'LC-39',
    'a reserved type': 'LC-38',
    'a length that does not fit the list': 'LC-36',
  }),
  ...parts('X86_PV_INFO', {
    'a length other than 8': 'LP-02 LP-61',
    'a width other than 4 and 8': 'LP-03',
    'levels other than 3 and 4': 'LP-03',
    'reserved bytes': 'LP-53',
  }),
  ...parts('X86_PV_P2M_FRAMES', {
    'shorter than its header': 'LP-07',
    'a length that is no multiple of 8': 'LP-09',
  }),
  ...parts('X86_PV_VCPU_*', {
    'shorter than its header': 'LP-16',
    'no content (a warning)': 'LP-17',
    'the reserved word': 'LP-54',
  }),
  ...parts('SHARED_INFO', { 'a length other than 4096': 'LP-25' }),
  ...parts('X86_TSC_INFO', { 'a length other than 24': 'LC-31', 'the reserved word': 'LC-55' }),
  ...parts('HVM_CONTEXT', { empty: 'LH-01' }),
  ...parts('HVM_PARAMS', {
    'shorter than its header': 'LH-04',
    'the reserved word': 'LH-13',
    'no parameter (a warning)': 'LH-06',
    'a length that does not fit the count': 'LH-05',
  }),
  ...parts('X86_CPUID_POLICY', { 'no whole number of leaves, or none': 'LC-26' }),
  ...parts('X86_MSR_POLICY', { 'no whole number of entries, or none': 'LC-27' }),
];
