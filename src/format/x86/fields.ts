/** Fields that contexts of every kind are made of: registers and selectors. */
import { u16, u32, u64 } from '../kit/layout';

type Doc = { readonly doc?: string };
const documented = (doc: string | undefined): Doc => (doc === undefined ? {} : { doc });

export const register64 = (doc?: string) => u64({ display: 'register', ...documented(doc) });
export const register32 = (doc?: string) => u32({ display: 'register', ...documented(doc) });

/** A selector slot of a PV context, with the ring that it asks for. */
export const selector = () =>
  u16({ display: 'register', note: (value) => (Number(value) === 0 ? undefined : `ring ${Number(value) & 3}`) });
