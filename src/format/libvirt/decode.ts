/** Header of a libvirt save file, and the domain's XML as a tree. */
import { decode } from '../kit/decode';
import type { Body, FieldNode } from '../kit/node';
import { readXml } from '../text/xml';
import { withParts } from '../text/parts';
import { LIBVIRT_HEADER } from './header';

/** Decodes the header of a libvirt save file, with the XML behind it as a tree. */
export const decodeLibvirtHeader = (body: Body): FieldNode[] =>
  withParts(decode(LIBVIRT_HEADER, body), 'xml', body, readXml);
