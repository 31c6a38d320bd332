/** A line of a log and the program that prints it. */
import { type LogValue, printf } from '../../lib/printf';

/** The program whose source has a line: where to look for it, and in whose log it stands. */
export type Printer = 'xl' | 'libvirt' | 'libxl' | 'libxc' | 'xen' | 'qemu';

export interface LogLine {
  readonly by: Printer;
  /** The message alone, without the prefixes that a log puts in front. In a rule's own line a format of C. */
  readonly text: string;
}

/** Name of each printer as it is shown. */
export const PRINTERS: Readonly<Record<Printer, string>> = {
  xl: 'xl',
  libvirt: 'libvirt',
  libxl: 'libxl',
  libxc: 'libxc',
  xen: 'Xen',
  qemu: 'QEMU',
};

const line =
  (by: Printer) =>
  (text: string): LogLine => ({ by, text });

/** Makes log lines: `says.xen('HVM{N} restore: bad CR0 %#lx')`. */
export const says = {
  xl: line('xl'),
  libvirt: line('libvirt'),
  libxl: line('libxl'),
  libxc: line('libxc'),
  xen: line('xen'),
  qemu: line('qemu'),
} as const satisfies Record<Printer, (text: string) => LogLine>;

/** Returns the messages alone. */
export const textsOf = (lines: readonly LogLine[]): string[] => lines.map(({ text }) => text);

/** Returns the lines with their C formats filled in; all of them share one list of values. */
export function fillLines(lines: readonly LogLine[], values: readonly LogValue[]): LogLine[] {
  const texts = printf(textsOf(lines), values);
  return lines.map(({ by }, index) => ({ by, text: texts[index] ?? '' }));
}
