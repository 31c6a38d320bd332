/** EMULATOR_XENSTORE_DATA: `key NUL value NUL …`, keys relative to the device model's xenstore directory. */
import { byteSize } from '../../lib/text';
import { decode, TEXT_LIMIT } from '../kit/decode';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { cString } from '../kit/parse';
import { EMULATOR_HEADER } from './records';

const HEADER_SIZE = 8;

export function decodeXenstoreData(body: Body): FieldNode[] {
  const nodes = decode(EMULATOR_HEADER, bodyFrom(body, 0, HEADER_SIZE));
  const data = bodyFrom(body, HEADER_SIZE);
  if (data.length === 0) return nodes;
  nodes.push({
    name: 'pairs',
    offset: data.offset,
    length: data.length,
    value: null,
    text: byteSize(data.length),
    doc: 'Keys and values, each closed by a NUL.',
    children: pairs(data),
  });
  return nodes;
}

function pairs(data: Body): FieldNode[] {
  const raw = data.bytes.subarray(0, TEXT_LIMIT);
  const nodes: FieldNode[] = [];
  for (let at = 0; at < raw.length;) {
    const keyEnd = raw.indexOf(0, at);
    const valueEnd = keyEnd < 0 ? -1 : raw.indexOf(0, keyEnd + 1);
    if (keyEnd < 0 || valueEnd < 0) {
      nodes.push({
        name: cString(raw.subarray(at)),
        offset: data.offset + at,
        length: raw.length - at,
        value: null,
        text: '—',
        problem: keyEnd < 0 ? 'key without closing NUL' : 'value without closing NUL',
      });
      break;
    }
    const value = cString(raw.subarray(keyEnd + 1, valueEnd));
    nodes.push({
      name: cString(raw.subarray(at, keyEnd)),
      offset: data.offset + at,
      length: valueEnd + 1 - at,
      value,
      text: value,
      ...(raw[at] === 0x2f ? { problem: 'key must be relative, but starts with /' } : {}),
    });
    at = valueEnd + 1;
  }
  return nodes;
}
