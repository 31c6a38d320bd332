/**
 * A feature bit: number, name as Xen spells it, attributes as Xen's header writes them, meaning. Attributes: `!` Xen
 * handles it specially; `A` offered to all guests, `S` to HVM, `H` to HVM with hardware-assisted paging, lower case only
 * when asked for; `|` to be set if any host of a pool has it, where others must be set on all.
 */
export type FeatureRow = readonly [bit: number, name: string, attributes: string, doc: string];
