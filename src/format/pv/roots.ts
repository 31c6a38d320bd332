/**
 * How the registers of a PV guest name the roots of its page tables, apart from the layouts of its contexts, which are
 * large. Source: public/arch-x86/xen-x86_32.h, xen-x86_64.h.
 */
import { PAGE_SHIFT, PAGE_SIZE } from '../page';

/**
 * Returns the PFN that a cr3 of a 32-bit guest names: the frame's upper 12 bits are folded into its lower 12, so that frames
 * above 4 GiB fit. Source: public/arch-x86/xen-x86_32.h (xen_cr3_to_pfn).
 */
export const foldedPfn = (cr3: number): number => (cr3 & 0xfff) * 0x10_0000 + (cr3 >>> PAGE_SHIFT);

/** Returns the value of cr3 that names a frame: `foldedPfn` the other way round. */
export const foldPfn = (frame: number): number => (frame % 0x10_0000) * PAGE_SIZE + Math.floor(frame / 0x10_0000);

/** Bit of cr1: it holds a PFN in bits 51–12, which libxc turns to a machine frame. */
export const CR1_PFN = 1n;
