/** What libvirt goes by in the header of its own save files. xl reads none of them. */
import type { Rule } from '../rule';

export interface LibvirtHeader {
  readonly version: number;
  /** A libxl stream follows the XML. */
  readonly hasLibxl: boolean;
}

const SOURCE = 'libvirt src/libxl/libxl_domain.c: libxlDomainSaveImageOpen(), libxlDomainStart()';
const VERSION_AT = { offset: 16, length: 4 } as const;

export const LIBVIRT_RULES: readonly Rule<LibvirtHeader>[] = [
  {
    id: 'LV-01',
    layer: 'libvirt',
    severity: 'warning',
    title: 'the header of libvirt does not say that the stream is of version 2, which it is',
    explain:
      'libvirt hands the version to libxl, which takes every other for the legacy format and starts convert-legacy-stream; that fails on a stream of version 2.',
    todo: 'Set the version at offset 16 to 2.',
    source: SOURCE,
    when: ({ version, hasLibxl }) =>
      hasLibxl &&
      version !== 2 && {
        message: `the header of libvirt says version ${version}, but the stream is of version 2`,
        at: VERSION_AT,
      },
  },
  {
    id: 'LV-02',
    layer: 'libvirt',
    severity: 'note',
    title: 'a stream of version 2 by the header of libvirt',
    explain:
      'libvirt must hand this version to libxl (stream_version). A libvirt that does not has a good stream taken for the legacy format, and the restore fails in convert-legacy-stream.',
    todo: 'Restore with a libvirt that passes the version on; the file needs no repair.',
    source: SOURCE,
    when: ({ version, hasLibxl }) => hasLibxl && version === 2 && { at: VERSION_AT },
  },
];
