/** What may be shared of the headers that hold a configuration. */
import { fieldsOf } from '../../../format/kit/fields';
import { LIBVIRT_HEADER, LIBVIRT_HEADER_SIZE } from '../../../format/libvirt/header';
import { isZero } from '../../../format/sharing/judge';
import { CONFIG_LIMIT, isConfig } from '../../../format/sharing/text';
import { XL_CONFIG_LEN_SIZE, XL_HEADER_SIZE } from '../../../format/xl/header';
import type { Reading } from '../../reader';
import type { WalkState } from '../state';

const UNUSED = fieldsOf(LIBVIRT_HEADER)('unused').offset;

/** Shares the header of an xl save file, and of the `length` bytes behind it the configuration. */
export function* shareXlHeader(w: WalkState, length: number): Reading<void> {
  yield* w.keepRange(0, XL_HEADER_SIZE, 'framing');
  const end = XL_HEADER_SIZE + length;
  let at = XL_HEADER_SIZE;
  if (length >= XL_CONFIG_LEN_SIZE) {
    yield* w.keepRange(at, at + XL_CONFIG_LEN_SIZE, 'framing');
    yield* shareConfig(w);
    at += XL_CONFIG_LEN_SIZE + (w.image.config?.length ?? 0);
  }
  // What else there is in the optional data no reader knows.
  yield* shareZeros(w, at, end);
}

/** Shares the header of a libvirt save file, and the XML behind it. */
export function* shareLibvirtHeader(w: WalkState): Reading<void> {
  yield* w.keepRange(0, UNUSED, 'framing');
  yield* shareZeros(w, UNUSED, LIBVIRT_HEADER_SIZE);
  yield* shareConfig(w);
}

/** Shares the configuration if it is one, from its first byte to its last. */
function* shareConfig(w: WalkState): Reading<void> {
  const { config } = w.image;
  if (!config || config.length === 0) return;
  const { format, offset, length } = config;
  const bytes = length <= CONFIG_LIMIT ? yield* w.reader.at(offset, length) : undefined;
  if (bytes && isConfig(bytes, format)) w.sharing.header(bytes, offset, 'config', 'config');
  else w.sharing.fill(offset, length, 'damaged');
}

/** Shares bytes that mean nothing if they are zeros. */
function* shareZeros(w: WalkState, start: number, end: number): Reading<void> {
  const length = end - start;
  const bytes = length <= CONFIG_LIMIT ? yield* w.reader.at(start, length) : undefined;
  if (bytes && isZero(bytes, 0, length)) w.sharing.header(bytes, start, 'framing');
  else w.sharing.fill(start, length, 'unknown');
}
