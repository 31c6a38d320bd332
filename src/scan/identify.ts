/** Tells what kind of file this is, by its first bytes and nothing else. */
import { type Container, LAYER_SPECS, LAYERS } from '../format/layers';
import { latin1Bytes, startsWith } from '../lib/bytes';
import { given } from '../lib/given';

/** Why a file is not read: what it is, and what helps. */
export interface Refusal {
  readonly code: 'empty' | 'compressed' | 'legacy' | 'other-format' | 'mangled' | 'not-xen' | 'unreadable';
  readonly title: string;
  readonly help: string;
  /** The container that it seems to have been. */
  readonly seems?: Container;
}

/** What a file is: a container that is read, or the reason why it is not. */
export type Identified = { readonly container: Container } | { readonly refusal: Refusal };

/** Bytes of the head that `identify` looks at. */
export const HEAD_SIZE = 64;

const COMPRESSORS: readonly { readonly magic: readonly number[]; readonly name: string; readonly command: string }[] = [
  { magic: [0x1f, 0x8b], name: 'gzip', command: 'gunzip' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], name: 'zstd', command: 'zstd -d' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], name: 'xz', command: 'unxz' },
  { magic: [0x42, 0x5a, 0x68], name: 'bzip2', command: 'bunzip2' },
  { magic: [0x04, 0x22, 0x4d, 0x18], name: 'lz4', command: 'lz4 -d' },
  { magic: [0x89, 0x4c, 0x5a, 0x4f], name: 'lzop', command: 'lzop -d' },
  { magic: [0x50, 0x4b, 0x03, 0x04], name: 'zip', command: 'unzip' },
  { magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], name: '7-Zip', command: '7z x' },
];

const startsWithText = (head: Uint8Array, text: string): boolean => startsWith(head, latin1Bytes(text));

const LEGACY_HELP =
  'Xen 4.5 and older wrote this format. Xen converts it while restoring; convert-legacy-stream makes a file of it that can be opened here.';

const DISK_HELP =
  'Disk formats are not read here. If a suspended guest is in it, take its raw contents out first, with qemu-img convert.';

/** Tells what a file of `size` bytes is by its first `HEAD_SIZE` bytes: a container that is read, or why it is not. */
export function identify(head: Uint8Array, size: number): Identified {
  if (size === 0)
    return refuse('empty', 'The file is empty', 'Nothing was saved into it: look for a full disk or a failed copy.');
  const container = LAYERS.find((layer) => LAYER_SPECS[layer].startsFile(head));
  if (container) return { container };
  const packed = COMPRESSORS.find(({ magic }) => startsWith(head, Uint8Array.from(magic)));
  if (packed)
    return refuse(
      'compressed',
      `The file is compressed with ${packed.name}`,
      `Unpack it first (${packed.command}): records can only be reached by offset in the plain file.`,
    );
  return otherFormat(head) ?? legacy(head) ?? notXen();
}

const refuse = (code: Refusal['code'], title: string, help: string, seems?: Container): Identified => ({
  refusal: { code, title, help, ...given({ seems }) },
});

const notXen = (): Identified =>
  refuse(
    'not-xen',
    'This is not a Xen image',
    'Its first bytes are none of those that an xl, libvirt, libxl or libxc stream starts with.',
  );

function otherFormat(head: Uint8Array): Identified | undefined {
  if (startsWithText(head, 'Xen saved domain, xl') || startsWithText(head, 'libvirt-xml'))
    return refuse(
      'mangled',
      'The file was changed by a text-mode copy',
      'Its magic is right but the newline, NUL and return that follow are not: copy the original again as binary.',
      startsWithText(head, 'libvirt-xml') ? 'libvirt' : 'xl',
    );
  if (startsWithText(head, 'LinuxGuestRecord'))
    return refuse('legacy', 'A legacy image, saved by xend (xm save)', LEGACY_HELP);
  if (startsWithText(head, 'XenSavedDomain\n'))
    return refuse('legacy', 'A legacy XenServer suspend image', LEGACY_HELP);
  if (startsWithText(head, 'XenSavedDomv2-\n'))
    return refuse(
      'other-format',
      'A XenServer or XCP-ng suspend image',
      'Its own framing is not read here; the libxc stream inside it, cut out, is.',
    );
  if (startsWithText(head, 'conectix') || startsWithText(head, 'cxsparse'))
    return refuse('other-format', 'A virtual disk (VHD)', DISK_HELP);
  if (startsWithText(head, 'QFI\u{fb}')) return refuse('other-format', 'A virtual disk (qcow2)', DISK_HELP);
  if (startsWithText(head, 'QEVM') || startsWithText(head, 'QemuDeviceModelRecord'))
    return refuse('other-format', 'State of a QEMU device model', 'This is only the device part of a saved domain.');
  if (startsWithText(head, 'xl migration'))
    return refuse(
      'other-format',
      'The return channel of xl migrate',
      'This is what the receiver sent back; the domain is in the other direction.',
    );
  return undefined;
}

const isChunk = (value: number): boolean => value >= -21 && value <= 1024 && value !== 0;

/**
 * Recognises a legacy (v1) stream, which has no magic: p2m_size as a native word, then for PV a marker of all ones, for HVM the first
 * chunk: a batch of 1–1024 pages or a known negative id. Read raw, as no structure fits: how wide the words are is what their values
 * are to tell, and nothing more of the format is read.
 */
function legacy(head: Uint8Array): Identified | undefined {
  if (head.length < 16) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const p2mSize = view.getUint32(0, true);
  if (p2mSize === 0 || p2mSize > 2 ** 28) return undefined;
  const wide = view.getUint32(4, true) === 0;
  const isPv = wide ? view.getBigInt64(8, true) === -1n : view.getInt32(4, true) === -1;
  const marker = view.getInt32(wide ? 8 : 4, true);
  if (!isPv && !isChunk(marker)) return undefined;
  return refuse('legacy', 'A legacy image, saved by Xen 4.5 or older', LEGACY_HELP);
}
