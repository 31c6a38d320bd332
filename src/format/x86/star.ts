/** MSR_STAR: selectors that SYSCALL and SYSRET load. Source: AMD APM vol. 2 § 6.1.1, Intel SDM vol. 2B SYSRET. */
import { hex } from '../../lib/text';

const at = (selector: number): string => hex(selector & 0xffff);

/**
 * Returns MSR_STAR in words, `kernel cs 8 ss 10 · user cs 13, 64-bit 23 ss 1b`: the stack selector is the code selector and 8, and SYSRET to
 * 64-bit code takes the code selector and 16.
 */
export function starText(star: bigint): string {
  const kernel = Number((star >> 32n) & 0xffffn);
  const user = Number(star >> 48n);
  return `kernel cs ${at(kernel)} ss ${at(kernel + 8)} · user cs ${at(user)}, 64-bit ${at(user + 16)} ss ${at(user + 8)}`;
}
