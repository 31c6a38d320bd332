/** `xenscope dmesg`: what a Linux guest says of itself, and its log. */
import { jsonNumber } from '../../lib/number';
import { hex0x } from '../../lib/text';
import { untabbed } from '../../lib/visible';
import { findLinux } from '../../memory/linux/find-linux';
import { stampText } from '../../memory/linux/log-line';
import { command, type Input } from '../command';
import { CliError } from '../error';
import { JSON_OPTION, SYMBOL_OPTIONS } from '../option';
import { print } from '../output';
import { readGuest } from '../symbols';

const OPTIONS = { symbols: SYMBOL_OPTIONS.symbols, ...JSON_OPTION };

export const dmesgCommand = command({
  name: 'dmesg',
  about: 'Prints the kernel log of a Linux guest.',
  one: 'no Linux kernel is found',
  options: OPTIONS,
  readsPages: true,
  run: runDmesg,
});

async function runDmesg({ scan, source, options }: Input<typeof OPTIONS>): Promise<void> {
  const {
    memory,
    vcpus,
    symbols: fitted,
  } = await readGuest(scan, source, { symbols: options.symbols, ownSymbols: false });
  const roots = vcpus.map(({ point }) => point.vcpu.registers);
  const { banner, log } = await findLinux({ memory, source, roots, ...(fitted ? { symbols: fitted.table } : {}) });
  if (!banner && !log) throw new CliError('no Linux kernel was found where the page tables of its vCPUs lead', 1);
  if (options.json) {
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
    print(untabbed(`${stampText(nanoseconds)}${first}`));
    for (const rest of more) print(untabbed(`${' '.repeat(15)}${rest}`));
  }
  if (log.lost > 0) print(`${log.lost} messages of the ring at ${hex0x(log.va)} have lost their text.`);
}
