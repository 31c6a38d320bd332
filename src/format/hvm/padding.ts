/** Bytes of HVM save records that carry nothing. Where Xen demands zeros, records say so with `zeros` or `mustBe`. */
import { type BytesField, bytes } from '../kit/layout';

/** Makes a field of bytes that a reader skips, whatever they hold: what the compiler or the hardware's spacing leaves between fields. */
export const ignored = (size: number, doc = 'Padding; Xen does not look at it.'): BytesField & { as: 'hex' } =>
  bytes(size, { reserved: true, doc, note: (raw) => (raw.some((byte) => byte !== 0) ? 'not all zeros' : 'zeros') });
