/** Why Xen refuses a page of a PV guest: the first thing that it objects to, far down in the tables as a rule. */
import type { Span } from '../../../../lib/range';
import type { Entry } from './entry';

/** What Xen objects to. */
export type Cause =
  /** Flags of an entry that a guest must not set. */
  | { readonly what: 'flags'; readonly entry: Entry; readonly flags: number }
  /** An L1 entry lets the guest write to a page that Xen uses as `kind`. */
  | { readonly what: 'writable'; readonly entry: Entry; readonly kind: number }
  /** An entry leads to a page that Xen already uses as `kind`, which is not the type that the entry asks for. */
  | { readonly what: 'type'; readonly entry: Entry; readonly kind: number }
  /** An entry leads to a table of its own level, and lets the guest write to it. */
  | { readonly what: 'linear'; readonly entry: Entry }
  /** A frame that can be no guest's, in a table that libxc left as it was. */
  | { readonly what: 'foreign'; readonly entry: Entry }
  /** The fourth entry of a 32-bit guest's root is empty, or leads to a table that is used elsewhere too. */
  | { readonly what: 'no-slot' | 'shared-slot'; readonly table: number; readonly place: Span | undefined }
  /** A descriptor that no GDT may have. */
  | { readonly what: 'descriptor'; readonly page: number; readonly index: number; readonly place: Span }
  /** The page itself is already used as `kind`. */
  | { readonly what: 'root'; readonly page: number; readonly kind: number };
