/** The save file of QEMU as the list of its sections: which devices it holds, and which bytes are theirs. */
import { given } from '../../lib/given';
import { byteSize, counted, grouped } from '../../lib/text';
import { decode } from '../kit/decode';
import type { StructField } from '../kit/layout';
import { childNamed } from '../kit/named';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { readU32 } from '../kit/bytes';
import { readJson } from '../text/json';
import { dataEnd, sectionHeader, subsectionHeader } from './find';
import {
  QEMU_COMMAND,
  QEMU_CONFIGURATION,
  QEMU_EOF,
  QEMU_FOOTER,
  QEMU_HEADER,
  QEMU_HEADER_SIZE,
  QEMU_PART,
  QEMU_PART_SIZE,
  QEMU_SECTION,
  QEMU_SUBSECTION,
  QEMU_VMDESCRIPTION,
  QEMU_VMDESCRIPTION_SIZE,
  SectionType,
} from './layouts';

/** Names of the nodes that hold the sections, and the state of a device in one. */
export const QEMU_SECTIONS = 'sections';
export const QEMU_STATE = 'device state';

/** Sections kept; a PC has some fifty. */
const SECTION_LIMIT = 4096;

/** Decodes the save file of QEMU into the list of its sections, each with the bytes that are its device's. */
export function decodeQemu(body: Body): FieldNode[] {
  const nodes = decode(QEMU_HEADER, bodyFrom(body, 0, QEMU_HEADER_SIZE));
  const length = Math.min(body.length, body.bytes.length);
  if (length <= QEMU_HEADER_SIZE) return nodes;
  const found = new Sections(body).read();
  const problem = found.find((node) => node.problem !== undefined)?.problem;
  nodes.push({
    name: QEMU_SECTIONS,
    offset: body.offset + QEMU_HEADER_SIZE,
    length: body.length - QEMU_HEADER_SIZE,
    value: null,
    text: counted(found.filter(isDevice).length, 'device'),
    doc: 'One section for each device. Data has no length: a section ends where bytes look like the start of the next.',
    children: found,
    ...given({ problem, source: QEMU_HEADER.source }),
  });
  return nodes;
}

/** Tells whether a node among the sections is that of a device. */
export const isDevice = (node: FieldNode): boolean => childNamed(QEMU_SECTION, node, 'instance_id') !== undefined;

/** Tells whether a node in the section of a device is one of its subsections. */
export const isSubsection = (node: FieldNode): boolean => childNamed(QEMU_SUBSECTION, node, 'idstr') !== undefined;

class Sections {
  readonly #body: Body;
  readonly #bytes: Uint8Array;
  readonly #nodes: FieldNode[] = [];
  readonly #seen = new Set<number>();
  #at = QEMU_HEADER_SIZE;
  #subsections = 0;

  constructor(body: Body) {
    this.#body = body;
    this.#bytes = body.bytes.subarray(0, body.length);
  }

  read(): FieldNode[] {
    while (this.#at < this.#bytes.length && this.#nodes.length < SECTION_LIMIT) if (!this.#section()) break;
    const left = this.#body.length - this.#at;
    if (left > 0) {
      const many = this.#nodes.length >= SECTION_LIMIT ? 'too many sections: these are left out' : undefined;
      const unread = this.#at >= this.#bytes.length ? 'not looked at: too long' : 'no section starts here';
      const span = { offset: this.#body.offset + this.#at, length: left, value: null, text: byteSize(left) };
      this.#nodes.push({ name: 'rest', ...span, problem: many ?? unread });
    } else if (!this.#nodes.some(({ name }) => name === 'EOF')) {
      const last = this.#nodes.pop();
      if (last) this.#nodes.push({ ...last, problem: last.problem ?? 'cut short: the end of the file is missing' });
    }
    return this.#nodes;
  }

  /** One section at the cursor; false if none is there. */
  #section(): boolean {
    const type = this.#bytes[this.#at];
    switch (type) {
      case SectionType.FULL:
      case SectionType.START:
        return this.#device();
      case SectionType.PART:
      case SectionType.END:
        return this.#part();
      case SectionType.CONFIGURATION:
        return this.#configuration();
      case SectionType.COMMAND:
        this.#fixed('COMMAND', QEMU_COMMAND);
        return true;
      case SectionType.EOF:
        return this.#end();
      default:
        return false;
    }
  }

  /** Fields of a layout at the cursor, which goes past them. */
  #take(layout: StructField, length: number): FieldNode[] {
    const nodes = decode(layout, bodyFrom(this.#body, this.#at, length));
    this.#at += length;
    return nodes;
  }

  #push(name: string, from: number, children: readonly FieldNode[], text: string, note?: string): void {
    const problem = children.find((child) => child.problem !== undefined)?.problem;
    const span = { name, offset: this.#body.offset + from, length: this.#at - from, value: null, text };
    this.#nodes.push({ ...span, children, source: QEMU_HEADER.source ?? '', ...given({ note, problem }) });
  }

  /** A structure whose own fields say how long it is. */
  #fixed(name: string, layout: StructField): void {
    const from = this.#at;
    const all = decode(layout, bodyFrom(this.#body, from)).filter((node) => node.name !== 'rest');
    this.#at = from + all.reduce((sum, node) => sum + node.length, 0);
    this.#push(name, from, all, byteSize(this.#at - from));
  }

  #device(): boolean {
    const from = this.#at;
    const header = sectionHeader(this.#bytes, from, this.#seen);
    if (header === 0) return false;
    const id = readU32(this.#bytes, from + 1, false);
    this.#seen.add(id);
    const fields = this.#take(QEMU_SECTION, header);
    const value = (name: string): string => String(fields.find((node) => node.name === name)?.value ?? '');
    const data = this.#data(id);
    const name = value('instance_id') === '0' ? value('idstr') : `${value('idstr')} #${value('instance_id')}`;
    const size = data.filter((node) => node.name !== 'footer').reduce((sum, node) => sum + node.length, 0);
    this.#push(name, from, [...fields, ...data], byteSize(size), `version ${value('version_id')}`);
    return true;
  }

  #part(): boolean {
    const from = this.#at;
    if (from + QEMU_PART_SIZE > this.#bytes.length) return false;
    const id = readU32(this.#bytes, from + 1, false);
    if (!this.#seen.has(id)) return false;
    const name = this.#bytes[from] === SectionType.END ? 'END' : 'PART';
    const fields = this.#take(QEMU_PART, QEMU_PART_SIZE);
    this.#push(name, from, [...fields, ...this.#data(id)], `section ${grouped(id)}`);
    return true;
  }

  /** The state of a device at the cursor, with its subsections and its footer. */
  #data(id: number): FieldNode[] {
    const end = dataEnd(this.#bytes, this.#at, id, this.#seen);
    const nodes = this.#states(end);
    if (this.#bytes[end] === SectionType.FOOTER) {
      const from = this.#at;
      const children = this.#take(QEMU_FOOTER, QEMU_PART_SIZE);
      const span = {
        offset: this.#body.offset + from,
        length: QEMU_PART_SIZE,
        value: null,
        text: byteSize(QEMU_PART_SIZE),
      };
      nodes.push({ name: 'footer', ...span, children });
    }
    return nodes;
  }

  /** Bytes up to `end`: opaque, but for the marks of subsections. */
  #states(end: number): FieldNode[] {
    const nodes: FieldNode[] = [];
    const bytes = this.#bytes.subarray(0, end);
    while (this.#at < end) {
      const from = this.#at;
      const header = this.#subsections < SECTION_LIMIT ? subsectionHeader(bytes, from) : 0;
      if (header > 0) this.#subsections++;
      const fields = header > 0 ? this.#take(QEMU_SUBSECTION, header) : [];
      let next = this.#at;
      if (this.#subsections >= SECTION_LIMIT) next = end;
      while (next < end && subsectionHeader(bytes, next) === 0) next++;
      const state = this.#state(next);
      if (header === 0) nodes.push(...state);
      else {
        const name = String(fields.find((node) => node.name === 'idstr')?.value ?? '');
        const span = { name, offset: this.#body.offset + from, length: next - from, value: null };
        const children = [...fields, ...state];
        nodes.push({
          ...span,
          text: byteSize(next - from),
          note: 'subsection',
          doc: QEMU_SUBSECTION.doc ?? '',
          children,
        });
      }
    }
    return nodes;
  }

  #state(end: number): FieldNode[] {
    const length = end - this.#at;
    if (length <= 0) return [];
    const offset = this.#body.offset + this.#at;
    this.#at = end;
    const doc =
      'Opaque: laid out as the code of this device in QEMU knows. After a subsection it may be that of the device again.';
    return [{ name: QEMU_STATE, offset, length, value: null, text: byteSize(length), doc }];
  }

  #configuration(): boolean {
    const from = this.#at;
    if (from + QEMU_PART_SIZE > this.#bytes.length) return false;
    const room = this.#bytes.length - from - QEMU_PART_SIZE;
    const length = Math.min(room, readU32(this.#bytes, from + 1, false));
    const fields = this.#take(QEMU_CONFIGURATION, QEMU_PART_SIZE + length);
    const data = this.#states(dataEnd(this.#bytes, this.#at, -1, this.#seen));
    const name = fields.find((node) => node.name === 'name')?.text;
    this.#push('CONFIGURATION', from, [...fields, ...data], name ?? '');
    return true;
  }

  #end(): boolean {
    const from = this.#at;
    this.#push('EOF', from, this.#take(QEMU_EOF, 1), byteSize(1));
    if (this.#bytes[this.#at] !== SectionType.VMDESCRIPTION) return false;
    const start = this.#at;
    if (start + QEMU_VMDESCRIPTION_SIZE > this.#bytes.length) return false;
    const fields = this.#take(QEMU_VMDESCRIPTION, QEMU_VMDESCRIPTION_SIZE);
    const length = Math.min(readU32(this.#bytes, start + 1, false), this.#body.length - this.#at);
    const json = readJson(bodyFrom(this.#body, this.#at, length), 'JSON');
    const text = { name: 'JSON', offset: this.#body.offset + this.#at, length, value: null, text: json.text };
    this.#at += length;
    const damage = given({ problem: json.problem });
    this.#push(
      'VMDESCRIPTION',
      start,
      [...fields, { ...text, children: json.children ?? [], ...damage }],
      byteSize(length),
    );
    return false;
  }
}
