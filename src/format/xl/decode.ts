/** Header of an xl save file, and the domain's configuration as a tree. */
import { decode } from '../kit/decode';
import { readSmall } from '../kit/bytes';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { readCfg } from '../text/cfg';
import { readJson } from '../text/json';
import { withParts } from '../text/parts';
import { XL_CONFIG, XL_HEADER, XL_HEADER_SIZE, XlFlag } from './header';

const FLAGS_AT = 36;

/** What the JSON holds at its top; the JSON itself where that is no object or list. */
function jsonParts(text: Body): readonly FieldNode[] {
  const root = readJson(text, 'JSON');
  return root.children !== undefined && root.problem === undefined ? root.children : [root];
}

export function decodeXlHeader(body: Body): FieldNode[] {
  const fixed = decode(XL_HEADER, bodyFrom(body, 0, XL_HEADER_SIZE));
  const optional = bodyFrom(body, XL_HEADER_SIZE);
  if (optional.length === 0) return fixed;
  const isJson = (readSmall(body.bytes, FLAGS_AT, 4, body.littleEndian) & XlFlag.JSON) !== 0;
  return [...fixed, ...withParts(decode(XL_CONFIG, optional), 'config', optional, isJson ? jsonParts : readCfg)];
}
