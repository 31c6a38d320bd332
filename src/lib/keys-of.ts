/** Returns the names of an object's properties with their type, which `Object.keys` forgets. */
export function keysOf<T extends object>(of: T): Extract<keyof T, string>[] {
  const keys: Extract<keyof T, string>[] = [];
  for (const key in of) if (Object.hasOwn(of, key)) keys.push(key);
  return keys;
}
