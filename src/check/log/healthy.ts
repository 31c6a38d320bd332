/** Lines that libxl and libxc print of records that are in order: which record each is about. */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { LibxcType } from '../../format/libxc/types';
import { LibxlType } from '../../format/libxl/types';
import { HeaderType, type Layer } from '../../format/layers';
import { XL_HEADER_SIZE } from '../../format/xl/header';
import type { RecordIndex } from '../../scan/records';
import type { FirstRows } from './first-rows';
import { ByStart } from './templates';

interface About {
  readonly record: number;
  readonly offset: number;
  readonly length: number;
  readonly note: string;
}

interface Line {
  readonly pattern: RegExp;
  readonly note: string;
  readonly find: (rows: FirstRows, match: RegExpExecArray) => number | undefined;
  /** What the line says that is not so in this image. */
  readonly differs?: (records: RecordIndex, row: number, match: RegExpExecArray) => string | undefined;
}

const header =
  (type: number) =>
  (rows: FirstRows): number | undefined =>
    rows.header(type);

const record =
  (layer: Layer, type: number) =>
  (rows: FirstRows): number | undefined =>
    rows.record(layer, type);

/** Lines of a restore in which nothing is wrong. */
export const HEALTHY = new ByStart<Line>([
  {
    pattern: /^Loading new save file (?:.*\(new xl fmt info 0x[\da-f]+\/0x[\da-f]+\/(\d+)\))?/u,
    note: 'the header of xl',
    find: header(HeaderType.XL_HEADER),
    differs: (records, row, [, told]) => {
      const optional = records.lengthAt(row) - XL_HEADER_SIZE;
      return told === undefined || Number(told) === optional
        ? undefined
        : `the log is of another file: ${told} bytes of optional data there, ${optional} here`;
    },
  },
  { pattern: /^Savefile contains xl domain config/u, note: 'the configuration', find: header(HeaderType.XL_HEADER) },
  { pattern: /^Parsing config from <saved>/u, note: 'the configuration', find: header(HeaderType.XL_HEADER) },
  { pattern: /^Stream v\d+/u, note: 'the header of libxl', find: header(HeaderType.LIBXL_HEADER) },
  {
    pattern: /^fd \d+, dom \d+, hvm [01],/u,
    note: 'libxc starts on its stream',
    find: header(HeaderType.IMAGE_HEADER),
  },
  { pattern: /^Found .* domain/u, note: 'the domain header', find: header(HeaderType.DOMAIN_HEADER) },
  {
    pattern: /^Record: (\d+), length (\d+)$/u,
    note: 'a record of libxl',
    find: (rows, match) => rows.record('libxl', Number(match[1]), Number(match[2])),
  },
  {
    pattern: /^Changed max_pfn from /u,
    note: 'the frames of the P2M',
    find: record('libxc', LibxcType.X86_PV_P2M_FRAMES),
  },
  {
    pattern: /^(?:32|64) bits, \d levels$/u,
    note: 'the width of the guest',
    find: record('libxc', LibxcType.X86_PV_INFO),
  },
  {
    pattern: /^(?:XenStore|Console): mfn 0x[\da-f]+, dom \d+, evt \d+/u,
    note: 'the rings of an HVM guest',
    find: record('libxc', LibxcType.HVM_PARAMS),
  },
  {
    pattern: /^Spawning device-model /u,
    note: 'the state that the device model is given',
    find: record('libxl', LibxlType.EMULATOR_CONTEXT),
  },
  { pattern: /^Verify mode enabled/u, note: 'the VERIFY record', find: record('libxc', LibxcType.VERIFY) },
  {
    pattern: /^All records (?:buffered|processed)/u,
    note: 'a checkpoint',
    find: record('libxc', LibxcType.CHECKPOINT),
  },
  {
    pattern: /^(?:Ignoring optional|Mandatory) record (0x[\da-f]+) /u,
    note: 'a record of libxc',
    find: (rows, match) => rows.record('libxc', Number(match[1])),
  },
]);

/** Returns the record that such a line is about; undefined for any other line, and where the image has no such record. */
export function aboutHealthy(text: string, records: RecordIndex, rows: FirstRows): About | undefined {
  for (const { pattern, note, find, differs } of HEALTHY.of(text)) {
    const match = pattern.exec(text);
    const index = match ? find(rows, match) : undefined;
    if (match === null || index === undefined) continue;
    return {
      record: index,
      offset: records.offsetAt(index),
      length: records.isHeader(index) ? records.lengthAt(index) : RECORD_HEADER_SIZE,
      note: differs?.(records, index, match) ?? note,
    };
  }
  return undefined;
}
