/** What libxc looks at in the headers of its stream. */
import { hex0x } from '../../../lib/text';
import { fieldsOf } from '../../../format/kit/fields';
import type { ValueOf } from '../../../format/kit/layout';
import {
  DOMAIN_HEADER,
  DOMAIN_HEADER_SIZE,
  DomainType,
  IMAGE_HEADER,
  IMAGE_HEADER_SIZE,
  IMAGE_ID,
  IMAGE_MARKER,
  IMAGE_OPTION_BIG_ENDIAN,
} from '../../../format/libxc/headers';
import { PAGE_SIZE } from '../../../format/page';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';
import type { DomainKind } from '../../kit/domain';

/** The image header; what the file does not have reads as zeros. */
export interface ImageHeader extends ValueOf<typeof IMAGE_HEADER> {
  /** Bytes of it that the file has. */
  readonly have: number;
}

const image = fieldsOf(IMAGE_HEADER);

const READ = 'tools/libs/guest/xg_sr_restore.c: read_headers()';

export const IMAGE_HEADER_RULES: readonly Rule<ImageHeader>[] = [
  {
    id: 'LC-01',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Failed to read Image Header from stream')],
    perror: true,
    title: 'the file ends before or inside the image header',
    explain: 'The libxc stream starts with a header of 24 bytes; the file ends before that.',
    advice: ADVICE.copy,
    source: READ,
    when: ({ have }) => have < IMAGE_HEADER_SIZE,
  },
  {
    id: 'LC-02',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Invalid marker: Got 0x%016lx')],
    title: 'no libxc stream where one must start: the marker is not all ones',
    explain: 'A legacy stream has no such marker; a missing or extra record before it shifts its position.',
    advice: ADVICE.copy,
    source: READ,
    when: ({ marker }) => marker !== IMAGE_MARKER && { values: [marker], at: image('marker') },
  },
  {
    id: 'LC-03',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Invalid ID: Expected 0x%08x, Got 0x%08x')],
    title: 'the id of the libxc stream is not XENF',
    explain: 'The marker is correct but the ID is not, so these bytes are damaged.',
    advice: ADVICE.copy,
    source: READ,
    when: ({ id }) => id !== IMAGE_ID && { values: [IMAGE_ID, id], at: image('id') },
  },
  {
    id: 'LC-04',
    layer: 'libxc',
    severity: 'fatal',
    versions: { from: 414 },
    log: [says.libxc('Invalid Version: Expected 2 <= ver <= 3, Got %d')],
    title: 'an unknown version of the libxc stream',
    explain: 'Version 2 came with Xen 4.6, version 3 with 4.14. The header is big-endian always.',
    advice: ADVICE.newer,
    source: READ,
    when: ({ version }) => (version < 2 || version > 3) && { values: [version | 0], at: image('version') },
  },
  {
    id: 'LC-05',
    layer: 'libxc',
    severity: 'fatal',
    certainty: 'target',
    versions: { before: 414 },
    // The two numbers are printed the wrong way round.
    log: [says.libxc('Invalid Version: Expected %d, Got %d')],
    title: 'a stream of version 3, which Xen reads since 4.14',
    explain: 'Xen 4.6 to 4.13 read version 2 only, and print the two versions the wrong way round.',
    advice: ADVICE.newer,
    source: 'tools/libxc/xc_sr_restore.c: read_headers(), before 4.14',
    when: ({ version }) => version !== 2 && { values: [version | 0, 2], settled: true, at: image('version') },
  },
  {
    id: 'LC-06',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Unable to handle big endian streams')],
    title: 'a big-endian stream',
    explain: 'Xen on x86 reads little-endian streams only.',
    advice: ADVICE.writer,
    source: READ,
    when: ({ options }) => (options & IMAGE_OPTION_BIG_ENDIAN) !== 0 && { at: image('options') },
  },
  {
    id: 'LC-07',
    layer: 'spec',
    severity: 'note',
    title: 'reserved bits of the image header are set; libxc ignores them',
    explain: 'Options other than bit 0 and the two reserved words must be zero.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: Image header',
    when: ({ options, reserved16, reserved32 }) =>
      ((options & ~IMAGE_OPTION_BIG_ENDIAN) !== 0 || reserved16 !== 0 || reserved32 !== 0) && {
        at: image('options', 'reserved32'),
      },
  },
];

/** The domain header; what the file does not have reads as zeros. */
export interface DomainHeader extends ValueOf<typeof DOMAIN_HEADER> {
  /** Bytes of it that the file has. */
  readonly have: number;
  /** The domain that the configuration creates. */
  readonly kind: DomainKind;
}

const domain = fieldsOf(DOMAIN_HEADER);

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [DomainType.X86_PV]: 'x86 PV',
  [DomainType.X86_HVM]: 'x86 HVM',
};
/** How libxc spells a domain type. */
const typeName = (type: number): string => TYPE_NAMES[type] ?? 'Reserved';

/** `1U << shift` as x86 computes it. */
const pageSize = (shift: number): number => (1 << (shift & 31)) >>> 0;

/** The type that Arm was to have. */
const ARM = 3;

export const DOMAIN_HEADER_RULES: readonly Rule<DomainHeader>[] = [
  {
    id: 'LC-08',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Failed to read Domain Header from stream')],
    perror: true,
    title: 'the file ends before or inside the domain header',
    explain: 'The image header is followed by a header of 16 bytes; the file ends before that.',
    advice: ADVICE.copy,
    source: READ,
    when: ({ have }) => have < DOMAIN_HEADER_SIZE,
  },
  {
    id: 'LC-09',
    variant: 'no-such-type',
    layer: 'libxc',
    severity: 'fatal',
    title: 'a type of domain that no release of Xen writes',
    explain:
      'Types are 1 (x86 PV) and 2 (x86 HVM, PVH included). Type 3 was Arm in patches that were never merged; senders outside of Xen’s tree used it. No x86 toolstack restores such a stream.',
    advice: 'Only a different sender helps: check the tool that wrote the stream.',
    source: 'docs/specs/libxc-migration-stream.pandoc: Domain Header; tools/libs/guest/xg_sr_restore.c',
    when: ({ type, kind }) =>
      type !== DomainType.X86_PV &&
      type !== DomainType.X86_HVM && {
        message: `type ${type}: no release of Xen writes it${type === ARM ? ' (Arm, in patches of 2015)' : ''}; no x86 toolstack restores it`,
        log: [
          says.libxc(
            `Unable to restore ${typeName(type)} domain into an ${kind === 'pv' ? 'x86_pv' : 'x86 HVM'} domain`,
          ),
        ],
        at: domain('type'),
      },
  },
  {
    id: 'LC-09',
    variant: 'pv',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Unable to restore %s domain into an x86_pv domain')],
    title: 'the configuration creates a PV domain, but the stream is of another kind',
    explain:
      'libxl has created the domain that the configuration in the file describes; libxc finds that the stream does not fit it.',
    advice: ADVICE.config,
    source: 'tools/libs/guest/xg_sr_restore_x86_pv.c: x86_pv_setup()',
    when: ({ type, kind }) =>
      kind === 'pv' && type !== DomainType.X86_PV && { values: [typeName(type)], at: domain('type') },
  },
  {
    id: 'LC-09',
    variant: 'hvm',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Unable to restore %s domain into an x86 HVM domain')],
    title: 'the configuration creates an HVM or PVH domain, but the stream is of another kind',
    explain:
      'libxl has created the domain that the configuration in the file describes; libxc finds that the stream does not fit it.',
    advice: ADVICE.config,
    source: 'tools/libs/guest/xg_sr_restore_x86_hvm.c: x86_hvm_setup()',
    when: ({ type, kind }) =>
      kind !== 'pv' && type !== DomainType.X86_HVM && { values: [typeName(type)], at: domain('type') },
  },
  {
    id: 'LC-10',
    variant: 'pv',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Invalid page size %d for x86_pv domains')],
    title: 'pages of a PV guest that are not 4096 bytes',
    explain: 'page_shift must be 12.',
    advice: ADVICE.copy,
    source: 'tools/libs/guest/xg_sr_restore_x86_pv.c: x86_pv_setup()',
    when: ({ page_shift: shift, kind }) =>
      kind === 'pv' && pageSize(shift) !== PAGE_SIZE && { values: [pageSize(shift) | 0], at: domain('page_shift') },
  },
  {
    id: 'LC-10',
    variant: 'hvm',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Invalid page size %u for x86 HVM domains')],
    title: 'pages of an HVM guest that are not 4096 bytes',
    explain: 'page_shift must be 12.',
    advice: ADVICE.copy,
    source: 'tools/libs/guest/xg_sr_restore_x86_hvm.c: x86_hvm_setup()',
    when: ({ page_shift: shift, kind }) =>
      kind !== 'pv' && pageSize(shift) !== PAGE_SIZE && { values: [pageSize(shift)], at: domain('page_shift') },
  },
  {
    id: 'LC-53',
    layer: 'spec',
    severity: 'note',
    title: 'the reserved word of the domain header is set; libxc ignores it',
    explain: 'It must be zero.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: Domain header',
    when: ({ reserved }) =>
      reserved !== 0 && {
        message: `the reserved word of the domain header is ${hex0x(reserved)}`,
        at: domain('reserved'),
      },
  },
  {
    id: 'LC-11',
    layer: 'libxc',
    severity: 'note',
    log: [says.libxc('Found %s domain, converted from legacy stream format')],
    title: 'converted from the legacy format',
    explain:
      'convert-legacy-stream writes 0 as the version of Xen. What the old format did not hold is made up by the target.',
    advice: ADVICE.none,
    source: READ,
    when: ({ type, xen_major: major }) =>
      major === 0 && { values: [typeName(type)], at: domain('xen_major', 'xen_minor') },
  },
];
