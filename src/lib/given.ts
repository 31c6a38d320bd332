/** Returns the properties that are not undefined, to be spread where a property is optional. */
export const given = <T extends object>(more: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)) as never;
