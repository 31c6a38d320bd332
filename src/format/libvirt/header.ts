/** Header of a file that libvirt's libxl driver saves. */
import { array, sizeOf, struct, text, u32 } from '../kit/layout';

/** `libvirt-xml\n \0 \r` */
export const LIBVIRT_MAGIC = 'libvirt-xml\n \0 \r';

/** The part that is always there. */
const FIXED = {
  magic: text(16, { doc: 'Names the file kind; its tail shows files mangled in text mode.' }),
  version: u32({
    names: { 1: 'legacy libxc stream', 2: 'libxl stream v2' },
    doc: 'Stream version that libvirt hands to libxl.',
  }),
  xmlLen: u32({ display: 'bytes', doc: 'Bytes of domain XML that follow, the closing NUL included.' }),
  unused: array(u32({ mustBe: 0 }), 10, { doc: 'Room for later versions: zeros.' }),
} as const;

export const LIBVIRT_HEADER = struct(
  'LIBVIRT_HEADER',
  {
    ...FIXED,
    xml: text((before) => Number(before['xmlLen']), {
      document: true,
      doc: 'The domain as libvirt describes it, closed by a NUL.',
    }),
  },
  {
    doc: 'Starts a file of virsh save; a libvirt migration has no header.',
    source: 'libvirt src/libxl/libxl_conf.h (libxlSavefileHeader)',
  },
);

/** Bytes of the header of libvirt, in front of the XML. */
export const LIBVIRT_HEADER_SIZE = sizeOf(struct('fixed part', FIXED));
