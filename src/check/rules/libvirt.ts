/** The header of a file of virsh save, as libvirt reads it. */
import { hex0x } from '../../lib/text';
import { fieldsOf } from '../../format/kit/fields';
import type { ValueOf } from '../../format/kit/layout';
import { LIBVIRT_HEADER, LIBVIRT_HEADER_SIZE, LIBVIRT_MAGIC } from '../../format/libvirt/header';
import { says } from '../kit/log-line';
import { type Rule, ADVICE } from '../kit/rule';

/** The start of the file; zeros where it ends before. */
export interface LibvirtFile extends ValueOf<typeof LIBVIRT_HEADER> {
  /** Bytes of the file. */
  readonly size: number;
  /** A libxl stream follows the XML. */
  readonly hasLibxl: boolean;
}

const NEWEST = 2;
/** The version of a file with a legacy stream. */
const LEGACY = 1;

const SOURCE = 'libvirt src/libxl/libxl_domain.c: libxlDomainSaveImageOpen(), libxlDomainStart()';
const field = fieldsOf(LIBVIRT_HEADER);

const common = {
  layer: 'libvirt',
  severity: 'fatal',
  advice: ADVICE.copy,
  source: SOURCE,
} as const;

const isShort = ({ size }: LibvirtFile): boolean => size < LIBVIRT_HEADER_SIZE;
const isMangled = ({ magic }: LibvirtFile): boolean => magic !== LIBVIRT_MAGIC;
const isNewer = ({ version }: LibvirtFile): boolean => version > NEWEST;
const isCut = ({ size, xmlLen }: LibvirtFile): boolean => LIBVIRT_HEADER_SIZE + xmlLen > size;

export const LIBVIRT_RULES: readonly Rule<LibvirtFile>[] = [
  {
    ...common,
    id: 'LV-01',
    log: [says.libvirt('failed to read libxl header')],
    title: 'the file ends inside libvirt’s header',
    explain: 'The header has 64 bytes.',
    when: (file) => isShort(file) && { at: { offset: 0, length: file.size } },
  },
  {
    ...common,
    id: 'LV-02',
    log: [says.libvirt('image magic is incorrect')],
    title: 'not a file of virsh save: its first 16 bytes are not those that libvirt writes',
    explain:
      'libvirt reads only its own files. After the name come a newline, a NUL and a return, which a copy in text mode changes.',
    when: (file) => !isShort(file) && isMangled(file) && { at: field('magic') },
  },
  {
    ...common,
    id: 'LV-03',
    log: [says.libvirt('image version is not supported (%d > %d)')],
    title: 'an unknown version of libvirt’s save file',
    explain: 'Version 1 holds a legacy stream, version 2 one of Xen 4.6 and newer; there are no others.',
    when: (file) =>
      !isShort(file) && !isMangled(file) && isNewer(file) && { values: [file.version, NEWEST], at: field('version') },
  },
  {
    ...common,
    id: 'LV-04',
    log: [says.libvirt('invalid XML length: %d')],
    title: 'the libvirt header announces no XML',
    explain: 'The description of the domain follows the header, and libvirt creates the domain by it.',
    when: (file) =>
      !isShort(file) && !isMangled(file) && !isNewer(file) && file.xmlLen === 0 && { values: [0], at: field('xmlLen') },
  },
  {
    ...common,
    id: 'LV-05',
    log: [says.libvirt('failed to read XML')],
    title: 'the file ends inside libvirt’s XML',
    explain: 'The header announces a longer description of the domain than the file has.',
    when: (file) =>
      !isShort(file) &&
      !isMangled(file) &&
      !isNewer(file) &&
      isCut(file) && {
        message: `the file ends inside libvirt’s XML, of ${hex0x(file.xmlLen)} bytes`,
        at: field('xmlLen'),
      },
  },
  {
    id: 'LV-06',
    layer: 'libvirt',
    severity: 'fatal',
    log: [says.libxl('conversion helper [%s] exited with error status 1')],
    title: 'libvirt’s header says that the stream is a legacy one, which it is not',
    explain:
      'libvirt hands the version to libxl, which takes version 1 for the legacy format and starts convert-legacy-stream; that fails on a stream of version 2.',
    advice: 'Set the version at offset 16 to 2.',
    source: SOURCE,
    when: ({ version, hasLibxl }) =>
      hasLibxl &&
      version === LEGACY && {
        values: ['N'],
        message: 'libvirt’s header says version 1, the legacy format, but the stream is of version 2',
        at: field('version'),
      },
  },
  {
    id: 'LV-07',
    layer: 'libvirt',
    severity: 'note',
    title: 'a stream of version 2 according to libvirt’s header',
    explain:
      'libvirt must hand this version to libxl (stream_version). If it does not, a good stream is taken for the legacy format, and the restore fails in convert-legacy-stream.',
    advice: 'Restore with virsh restore, of a libvirt that passes the version on; the file needs no repair.',
    source: SOURCE,
    when: ({ version, hasLibxl }) => hasLibxl && version === 2 && { at: field('version') },
  },
];
