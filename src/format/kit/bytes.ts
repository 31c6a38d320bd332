/** Reading integers out of bytes. All offsets are relative to the array; callers check that the bytes are there. */

/** Reads an unsigned integer of 1, 2 or 4 bytes; bytes behind the end of the array count as zeros. */
export function readSmall(data: Uint8Array, at: number, size: 1 | 2 | 4, little: boolean): number {
  const byte = (index: number): number => data[at + (little ? index : size - 1 - index)] ?? 0;
  if (size === 1) return byte(0);
  if (size === 2) return byte(0) + byte(1) * 0x100;
  return byte(0) + byte(1) * 0x100 + byte(2) * 0x1_0000 + byte(3) * 0x100_0000;
}

/** Reads an unsigned integer of 4 bytes; bytes behind the end of the array count as zeros. */
export function readU32(data: Uint8Array, at: number, little: boolean): number {
  return readSmall(data, at, 4, little);
}

/** Reads an unsigned integer of 8 bytes; bytes behind the end of the array count as zeros. */
export function readU64(data: Uint8Array, at: number, little: boolean): bigint {
  const low = readU32(data, little ? at : at + 4, little);
  const high = readU32(data, little ? at + 4 : at, little);
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Writes the low `size` bytes of an integer; negative ones in two's complement. */
export function writeUint(data: Uint8Array, at: number, size: number, value: bigint, little: boolean): void {
  for (let index = 0; index < size; index++) {
    data[at + (little ? index : size - 1 - index)] = Number((value >> BigInt(index * 8)) & 0xffn);
  }
}

/** Returns the bytes with zeros behind them up to a size; the bytes themselves where they are as many. */
export function zeroExtended(data: Uint8Array, size: number): Uint8Array {
  if (data.length >= size) return data;
  const out = new Uint8Array(size);
  out.set(data);
  return out;
}
