/** `xenscope list`: every row of the index. */
import { hex, hex0x } from '../../lib/text';
import type { RecordRow } from '../../scan/records';
import type { ScanResult } from '../../scan/scan';
import { command } from '../command';
import { JSON_OPTION } from '../option';
import { print } from '../output';

export const listCommand = command({
  name: 'list',
  about: 'Prints every header and record, one a line.',
  options: JSON_OPTION,
  run: ({ scan, options }) => printAll(scan, options.json),
});

/** Returns the JSON of a row. Its members, and their order, are fixed. */
function toJson(row: RecordRow): string {
  return JSON.stringify({
    index: row.index,
    parent: row.parent < 0 ? null : row.parent,
    layer: row.layer,
    kind: row.kind,
    type: row.kind === 'header' ? null : row.type,
    name: row.name,
    offset: row.offset,
    length: row.length,
    vcpu: row.vcpu < 0 ? null : row.vcpu,
    pages: row.pages < 0 ? null : row.pages,
  });
}

function toText(row: RecordRow, widths: { readonly index: number; readonly offset: number }): string {
  const about = [
    row.vcpu >= 0 ? `vCPU ${row.vcpu}` : '',
    row.pages >= 0 ? `${row.pages} PFNs` : '',
    row.known ? '' : row.optional ? 'optional, unassigned type' : 'unassigned type',
    row.damaged ? 'DAMAGED' : '',
  ];
  return [
    String(row.index).padStart(widths.index),
    hex(row.offset).padStart(widths.offset),
    String(row.length).padStart(10),
    row.layer.padEnd(7),
    row.kind === 'header' ? '          ' : hex0x(row.type, 8),
    row.name.padEnd(26),
    about.filter(Boolean).join(', '),
  ]
    .join('  ')
    .trimEnd();
}

function printAll(scan: ScanResult, json: boolean): void {
  const { records } = scan;
  const last = records.row(records.count - 1);
  const widths = {
    index: Math.max(1, String(records.count - 1).length),
    offset: Math.max(6, hex(last?.offset ?? 0).length),
  };
  if (!json) {
    const head = [
      '#'.padStart(widths.index),
      'offset'.padStart(widths.offset),
      '    length',
      'layer  ',
      'type      ',
      'name',
    ];
    print(head.join('  '));
  }
  for (let index = 0; index < records.count; index++) {
    const row = records.row(index);
    if (row) print(json ? toJson(row) : toText(row, widths));
  }
  if (json) return;
  print('');
  for (const finding of scan.findings) {
    const facts =
      finding.expected === undefined
        ? ''
        : ` (expected ${finding.expected}${finding.found === undefined ? '' : `, found ${finding.found}`})`;
    print(`${finding.severity}: at ${hex0x(finding.offset)}: ${finding.message}${facts}`);
  }
  if (scan.suppressed > 0) print(`and ${scan.suppressed} more findings`);
  print(`${records.count} records, fingerprint ${scan.fingerprint ?? 'unknown'}`);
}
