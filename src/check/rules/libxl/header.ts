/** What libxl looks at in the header of its stream. */
import { fieldsOf } from '../../../format/kit/fields';
import type { ValueOf } from '../../../format/kit/layout';
import { LIBXL_HEADER, LIBXL_IDENT, LIBXL_OPTION_BIG_ENDIAN, LIBXL_OPTION_LEGACY } from '../../../format/libxl/header';
import { startsLegacy } from '../../../format/libxl/legacy';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

/** The header; what the file does not have reads as zeros. */
export interface LibxlHeader extends ValueOf<typeof LIBXL_HEADER> {
  /** The xl header says that this stream is of version 2. */
  readonly streamV2: boolean;
  /** A LIBXC_CONTEXT with the libxc stream behind it stands where the header must. */
  readonly isHeadless: boolean;
  /** Bytes that are there. */
  readonly have: number;
  /** The configuration has virtual NUMA nodes. */
  readonly hasVnuma: boolean;
}

const field = fieldsOf(LIBXL_HEADER);
/** The one version that there is. */
const VERSION = 2;
const KNOWN_OPTIONS = LIBXL_OPTION_BIG_ENDIAN | LIBXL_OPTION_LEGACY;
const STREAM = 'tools/libs/light/libxl_stream_read.c';

export const LIBXL_HEADER_RULES: readonly Rule<LibxlHeader>[] = [
  {
    id: 'LX-01',
    variant: 'no-stream',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Invalid ident: expected 0x%016lx, got 0x%016lx')],
    title: 'the file ends right after the configuration: there is no guest in it',
    explain:
      'xl writes the header and the configuration before libxl looks at the guest. The save was refused, or failed at once, and the file was left as it was.',
    advice: 'Look at what xl save printed: libxl refuses guests with vNUMA or passed-through devices, among others.',
    source: `${STREAM}: stream_header_done(); tools/libs/light/libxl_dom_save.c: libxl__domain_save()`,
    when: ({ have, ident, hasVnuma }) =>
      have === 0 && {
        values: [LIBXL_IDENT, ident],
        message: `the file ends right after the configuration: the save was refused or failed at once, there is no guest in it${hasVnuma ? '; its configuration has vnuma_nodes, and libxl refuses to save a guest with vNUMA' : ''}`,
      },
  },
  {
    id: 'LX-29',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('conversion helper [%s] exited with error status 1')],
    title: 'the STREAMv2 flag is clear, so libxl has the stream converted as a legacy one, which it is not',
    explain:
      'Without the flag xl takes what follows for the format of Xen 4.5 and older and starts convert-legacy-stream, which cannot read a stream of version 2.',
    advice: 'If the stream starts with LibxlFmt, bit 1 of the mandatory flags at offset 36 has been lost.',
    source: `${STREAM}: libxl__stream_read_start()`,
    when: ({ streamV2, ident }) => !streamV2 && !startsLegacy(ident) && { values: ['N'] },
  },
  {
    id: 'LX-01',
    variant: 'no-header',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Invalid ident: expected 0x%016lx, got 0x%016lx')],
    title: 'a libxl stream whose header is missing: a LIBXC_CONTEXT stands in its place',
    explain: 'The stream was cut out after its 16-byte header. What follows is read as the libxc stream that it is.',
    advice: 'Put the header back in front: LibxlFmt, version 2, options 0.',
    source: `${STREAM}: stream_header_done()`,
    when: ({ isHeadless, ident }) => isHeadless && { values: [LIBXL_IDENT, ident], at: field('ident') },
  },
  {
    id: 'LX-01',
    variant: 'other-ident',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Invalid ident: expected 0x%016lx, got 0x%016lx')],
    title: 'no libxl stream where one must start',
    explain:
      'The eight bytes after the configuration must spell LibxlFmt. A wrong length of the optional data in the xl header puts the reader in the wrong place.',
    advice: 'Check the length of the optional data at offset 44 and whether the file was cut or mixed up.',
    source: `${STREAM}: stream_header_done()`,
    when: ({ ident }) => ident !== LIBXL_IDENT && { values: [LIBXL_IDENT, ident], at: field('ident') },
  },
  {
    id: 'LX-02',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Unexpected Version: expected %u, got %u')],
    title: 'an unknown version of the libxl stream',
    explain: 'There is only version 2.',
    advice: ADVICE.copy,
    source: `${STREAM}: stream_header_done()`,
    when: ({ version }) => version !== VERSION && { values: [VERSION, version], at: field('version') },
  },
  {
    id: 'LX-03',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Unable to handle big endian streams')],
    title: 'a big-endian stream',
    explain: 'Xen on x86 reads little-endian streams only.',
    advice: ADVICE.writer,
    source: `${STREAM}: stream_header_done()`,
    when: ({ options }) => (options & LIBXL_OPTION_BIG_ENDIAN) !== 0 && { at: field('options') },
  },
  {
    id: 'LX-04',
    layer: 'spec',
    severity: 'note',
    title: 'reserved option bits are set; libxl ignores them',
    explain: 'Only bits 0 (big-endian) and 1 (converted from legacy) are defined.',
    advice: ADVICE.none,
    source: 'docs/specs/libxl-migration-stream.pandoc: Stream header',
    when: ({ options }) => (options & ~KNOWN_OPTIONS) !== 0 && { at: field('options') },
  },
];
