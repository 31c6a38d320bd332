/** The devices in a save file of QEMU, out of its decoded fields. */
import { childNamed } from '../../format/kit/named';
import type { FieldNode } from '../../format/kit/node';
import { isDevice, isSubsection, QEMU_SECTIONS, QEMU_STATE } from '../../format/qemu/decode';
import { QEMU_SECTION } from '../../format/qemu/layouts';

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

const numberOf = (section: FieldNode, name: keyof (typeof QEMU_SECTION)['fields']): number =>
  Number(childNamed(QEMU_SECTION, section, name)?.value ?? Number.NaN);

function deviceOf(field: FieldNode): Device {
  const { children = [] } = field;
  const subsections = children.filter(isSubsection);
  const states = [...subsections, ...children.filter(({ name }) => name === QEMU_STATE)];
  return {
    name: childNamed(QEMU_SECTION, field, 'idstr')?.text ?? field.name,
    section: numberOf(field, 'section_id'),
    instance: numberOf(field, 'instance_id'),
    version: numberOf(field, 'version_id'),
    bytes: states.reduce((sum, { length }) => sum + length, 0),
    subsections: subsections.map(({ name }) => name),
    field,
  };
}

/**
 * Returns the devices of a save file of QEMU in the order of the file; `nodes` are the decoded fields of its record.
 */
export function devicesOf(nodes: readonly FieldNode[]): Device[] {
  const sections = nodes.find(({ name }) => name === QEMU_SECTIONS)?.children ?? [];
  return sections.filter(isDevice).map(deviceOf);
}

/** Tells whether a device has `wanted` in its name or those of its subsections. */
export const matches = ({ name, subsections }: Device, wanted: string): boolean =>
  [name, ...subsections].some((text) => text.toLowerCase().includes(wanted.toLowerCase()));
