/** Where output goes: lines and bytes to stdout, complaints to stderr. */
let pending: string[] = [];
let pendingSize = 0;

/** Prints a line. Lines are gathered, as a write for each would cost more than the scan. */
export function print(line: string): void {
  pending.push(line);
  pendingSize += line.length + 1;
  if (pendingSize > 1 << 16) flush();
}

/** Writes what `print` has gathered. */
export function flush(): void {
  if (pending.length > 0) process.stdout.write(`${pending.join('\n')}\n`);
  pending = [];
  pendingSize = 0;
}

/** Writes bytes as they are. They must not be changed afterwards. */
export function write(bytes: Uint8Array): void {
  flush();
  process.stdout.write(bytes);
}

/** Prints a line on stderr, with the program's name, after what was printed before: on a terminal both stand in one place. */
export function complain(line: string): void {
  flush();
  process.stderr.write(`xenscope: ${line}\n`);
}
