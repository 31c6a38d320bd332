/** Header of an xl save file, and the domain's configuration as a tree. */
import { decode } from '../kit/decode';
import { fieldsOf } from '../kit/fields';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { parse } from '../kit/parse';
import { readCfg } from '../text/cfg';
import { readJson } from '../text/json';
import { withParts } from '../text/parts';
import { XL_CONFIG, XL_HEADER, XL_HEADER_SIZE, XlFlag } from './header';

const FLAGS_AT = fieldsOf(XL_HEADER)('mandatory_flags').offset;

/** What the JSON holds at its top; the JSON itself where that is no object or list. */
function jsonParts(text: Body): readonly FieldNode[] {
  const root = readJson(text, 'JSON');
  return root.children !== undefined && root.problem === undefined ? root.children : [root];
}

/** Decodes the header of an xl save file, with the configuration in its optional data as a tree. */
export function decodeXlHeader(body: Body): FieldNode[] {
  const fixed = decode(XL_HEADER, bodyFrom(body, 0, XL_HEADER_SIZE));
  const optional = bodyFrom(body, XL_HEADER_SIZE);
  if (optional.length === 0) return fixed;
  const isJson = (parse(XL_HEADER.fields.mandatory_flags, body.bytes, body.littleEndian, FLAGS_AT) & XlFlag.JSON) !== 0;
  return [...fixed, ...withParts(decode(XL_CONFIG, optional), 'config', optional, isJson ? jsonParts : readCfg)];
}
