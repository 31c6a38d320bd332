/** Descriptors that a PV guest's GDT may have. Source: xen/arch/x86/pv/descriptor-tables.c, check_descriptor(). */

/** Entries of the GDT that guests have; those above are Xen's. */
const FIRST_RESERVED = 7168;
const FLAT_KERNEL_CS = { wide: 0xe033, narrow: 0xe019 } as const;

function mayCall(selector: number, narrow: boolean): boolean {
  return (
    selector >>> 3 < FIRST_RESERVED ||
    selector === (narrow ? FLAT_KERNEL_CS.narrow : FLAT_KERNEL_CS.wide) ||
    (selector & 4) !== 0
  );
}

/** Whether Xen takes the descriptor whose words are `low` and `high`. */
export function isDescriptorAllowed(low: number, high: number, narrow: boolean): boolean {
  const present = (high & 0x8000) !== 0;
  if (!present) return true;
  // Code and data; 64-bit code has no place in a 32-bit guest.
  if ((high & 0x1000) !== 0) return !(narrow && (high & 0x20_0000) !== 0);
  const type = high & 0xf00;
  if (type === 0) return true;
  // Of the others only call gates, to a segment of the guest and with nothing in the reserved bits.
  return type === 0xc00 && mayCall(low >>> 16, narrow) && (high & (narrow ? 0xe0 : 0xff)) === 0;
}
