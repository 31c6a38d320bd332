/** EMULATOR_CONTEXT: the save file of the device model, which is QEMU of one kind or the other. */
import { byteSize } from '../../lib/text';
import { readU32 } from '../kit/bytes';
import { decode } from '../kit/decode';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { cString } from '../kit/parse';
import { decodeQemu } from '../qemu/decode';
import { DEVICE_MODEL_RECORD, DEVICE_MODEL_RECORD_SIZE, QEMU_MAGIC } from '../qemu/layouts';
import { EMULATOR_HEADER, EMULATOR_HEADER_SIZE } from './layouts';

const startsQemu = ({ bytes }: Body): boolean => bytes.length >= 4 && readU32(bytes, 0, false) === QEMU_MAGIC;

/** Decodes the body of an EMULATOR_CONTEXT record: the sections of QEMU's save file, with or without a header of libxl in front. */
export function decodeEmulatorContext(body: Body): FieldNode[] {
  const nodes = decode(EMULATOR_HEADER, bodyFrom(body, 0, EMULATOR_HEADER_SIZE));
  const data = bodyFrom(body, EMULATOR_HEADER_SIZE);
  if (data.length === 0) return nodes;
  if (startsQemu(data)) return [...nodes, ...decodeQemu(data)];
  const inner = bodyFrom(data, DEVICE_MODEL_RECORD_SIZE);
  if (cString(data.bytes.subarray(0, 21)) === 'DeviceModelRecord0002' && startsQemu(inner)) {
    return [
      ...nodes,
      ...decode(DEVICE_MODEL_RECORD, bodyFrom(data, 0, DEVICE_MODEL_RECORD_SIZE)),
      ...decodeQemu(inner),
    ];
  }
  return [
    ...nodes,
    {
      name: 'data',
      offset: data.offset,
      length: data.length,
      value: null,
      text: byteSize(data.length),
      doc: "The device model's own save format.",
      problem: 'not a save file of QEMU: expected "QEVM"',
    },
  ];
}
