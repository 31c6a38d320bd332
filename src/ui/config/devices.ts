/** The devices in a save file of QEMU, out of its decoded fields. */
import type { FieldNode } from '../../format/kit/node';
import { isDevice } from '../../format/qemu/decode';

export interface Device {
  readonly name: string;
  readonly section: number;
  readonly instance: number;
  readonly version: number;
  /** Bytes of its state, subsections included. */
  readonly bytes: number;
  readonly subsections: readonly string[];
  readonly field: FieldNode;
}

const numberOf = (fields: readonly FieldNode[], name: string): number =>
  Number(fields.find((field) => field.name === name)?.value ?? Number.NaN);

function deviceOf(field: FieldNode): Device {
  const { children = [] } = field;
  const subsections = children.filter(({ note }) => note === 'subsection');
  const states = [...subsections, ...children.filter(({ name }) => name === 'device state')];
  return {
    name: children.find(({ name }) => name === 'idstr')?.text ?? field.name,
    section: numberOf(children, 'section_id'),
    instance: numberOf(children, 'instance_id'),
    version: numberOf(children, 'version_id'),
    bytes: states.reduce((sum, { length }) => sum + length, 0),
    subsections: subsections.map(({ name }) => name),
    field,
  };
}

export function devicesOf(nodes: readonly FieldNode[]): Device[] {
  const sections = nodes.find(({ name }) => name === 'sections')?.children ?? [];
  return sections.filter(isDevice).map(deviceOf);
}

/** Whether a device has `wanted` in its name or those of its subsections. */
export const matches = ({ name, subsections }: Device, wanted: string): boolean =>
  [name, ...subsections].some((text) => text.toLowerCase().includes(wanted.toLowerCase()));
