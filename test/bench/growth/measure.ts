/** Runs the terminal program in a process of its own, and tells what that took. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * Told by the process itself, at its end: of a child Node tells nothing. Its peak is read from Linux, as maxRSS counts
 * what the process that started it had.
 */
const TELL = `import { existsSync, readFileSync, writeSync } from 'node:fs';
process.on('exit', () => {
  const usage = process.resourceUsage();
  const path = '/proc/self/status';
  const peak = existsSync(path) ? /VmHWM:\\s+(\\d+)/u.exec(readFileSync(path, 'utf8')) : null;
  writeSync(3, JSON.stringify({ ...usage, maxRSS: peak ? Number(peak[1]) : usage.maxRSS }));
});`;

export interface Cost {
  /** Time of the processor, seconds: other processes make no difference to it. */
  readonly seconds: number;
  /** Most memory that the process had, MiB. */
  readonly mib: number;
}

/** Returns what a command took. Throws where the process was ended by a signal. */
export function costOf(args: readonly string[]): Cost {
  const preload = `data:text/javascript,${encodeURIComponent(TELL)}`;
  const program = resolve('dist/cli/xenscope.mjs');
  const { output, signal } = spawnSync(process.execPath, ['--import', preload, program, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (signal) throw new Error(`${args.join(' ')}: ended by ${signal}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(output[3] ?? '{}') as NodeJS.ResourceUsage;
  return { seconds: (userCPUTime + systemCPUTime) / 1e6, mib: maxRSS / 1024 };
}

/** Least that a series must take for its growth to say anything: below, a process that starts is all there is. */
const NOISE = { seconds: 0.1, mib: 10 } as const;

/**
 * Returns the exponent by which what was measured grows, where each input is twice as large as the one before: 1 for
 * linear growth. `idle` is what a process takes that does nothing. Undefined where it is too little to tell.
 */
export function exponentOf(costs: readonly Cost[], idle: Cost, of: keyof Cost): number | undefined {
  const own = costs.map((cost) => cost[of] - idle[of]);
  const usable = own.filter((cost) => cost > NOISE[of] / 4);
  if ((own.at(-1) ?? 0) < NOISE[of] || usable.length < 2) return undefined;
  return Math.log2((usable.at(-1) ?? 1) / (usable[0] ?? 1)) / (usable.length - 1);
}
