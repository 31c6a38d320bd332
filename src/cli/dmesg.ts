/** `xenscope dmesg`: what a Linux guest says of itself, and its log. */
import { jsonNumber } from '../lib/number';
import { hex0x } from '../lib/text';
import { findLinux } from '../memory/linux/find-linux';
import { stampText } from '../memory/linux/log-line';
import type { ScanResult } from '../scan/scan';
import type { NodeFileSource } from '../source/node-file';
import { CliError } from './error';
import { readGuest } from './symbols';

type Print = (line: string) => void;

interface DmesgInput {
  readonly scan: ScanResult;
  readonly source: NodeFileSource;
  readonly json: boolean;
  readonly symbols: string | undefined;
}

export async function runDmesg({ scan, source, json, symbols }: DmesgInput, print: Print): Promise<void> {
  const { memory, vcpus, symbols: fitted } = await readGuest(scan, source, { symbols, own: false });
  const roots = vcpus.map(({ point }) => point.vcpu.registers);
  const { banner, log } = await findLinux({ memory, source, roots, ...(fitted ? { symbols: fitted.table } : {}) });
  if (!banner && !log) throw new CliError('no Linux kernel was found where the page tables of its VCPUs lead', 1);
  if (json) {
    if (banner) print(JSON.stringify({ banner: banner.text, release: banner.release, offset: banner.offset }));
    for (const line of log?.lines ?? []) print(JSON.stringify({ ...line, nanoseconds: jsonNumber(line.nanoseconds) }));
    return;
  }
  if (!log) {
    print(banner?.text ?? '');
    print('Its log was not found.');
    return;
  }
  for (const { nanoseconds, text } of log.lines) {
    const [first = '', ...more] = text.split('\n');
    print(`${stampText(nanoseconds)}${first}`);
    for (const rest of more) print(`${' '.repeat(15)}${rest}`);
  }
  if (log.lost > 0) print(`${log.lost} messages of the ring at ${hex0x(log.va)} have lost their text.`);
}
