/** The save file of QEMU: big-endian throughout, no padding. */
import { bytes, type Fields, sizeOf, struct, text, u16, u32, u8 } from '../kit/layout';

const SOURCE = 'QEMU migration/savevm.c, migration/savevm.h (QEMU_VM_*)';

/** Marks that sections start with. */
export const SectionType = {
  EOF: 0x00,
  START: 0x01,
  PART: 0x02,
  END: 0x03,
  FULL: 0x04,
  SUBSECTION: 0x05,
  VMDESCRIPTION: 0x06,
  CONFIGURATION: 0x07,
  COMMAND: 0x08,
  FOOTER: 0x7e,
} as const;

const TYPE_NAMES = Object.fromEntries(Object.entries(SectionType).map(([name, type]) => [type, name]));

/** The first four bytes of a save file, `QEVM`. */
export const QEMU_MAGIC = 0x5145_564d;
/** The version of the file that every QEMU writes and reads. */
export const QEMU_VERSION = 3;
const type = u8({ display: 'hex', names: TYPE_NAMES, doc: 'Kind of section.' });
const section_id = u32({ endian: 'big', doc: 'Number of the section, given by the QEMU that saved.' });
const version_id = u32({ endian: 'big', doc: 'Version of the layout of the data that follows.' });
const sized = <F extends Fields>(name: string, doc: string, fields: F) => struct(name, fields, { doc, source: SOURCE });

export const QEMU_HEADER = sized('QEMU header', 'Starts a save file of QEMU.', {
  magic: u32({ endian: 'big', display: 'hex', mustBe: QEMU_MAGIC, doc: '"QEVM" in ASCII.' }),
  version: u32({ endian: 'big', mustBe: QEMU_VERSION, doc: 'Version of the file; QEMU refuses any other.' }),
});
/** Bytes of the header of a save file. */
export const QEMU_HEADER_SIZE = sizeOf(QEMU_HEADER);

export const QEMU_SECTION = sized(
  'QEMU section',
  'Starts a section of one device: all of its state, or the first part.',
  {
    type,
    section_id,
    idlen: u8({ doc: 'Characters of the name.' }),
    idstr: text((before) => Number(before['idlen']), {
      doc: 'Name of the device, with its place on the bus if it has one.',
    }),
    instance_id: u32({ endian: 'big', doc: 'Which device of this name; of CPUs and APICs the vCPU.' }),
    version_id,
  },
);

const { type: typeField, section_id: idField, idlen: lengthField } = QEMU_SECTION.fields;
/** Bytes of a section in front of the name of its device. */
export const QEMU_NAME_OFFSET = sizeOf(typeField) + sizeOf(idField) + sizeOf(lengthField);

export const QEMU_PART = sized('QEMU section part', 'Goes on with a section that a START began, or ends one.', {
  type,
  section_id,
});
/** Bytes of the header of a part or a footer. */
export const QEMU_PART_SIZE = sizeOf(QEMU_PART);

export const QEMU_FOOTER = sized('QEMU section footer', 'Closes a section; under Xen QEMU writes none.', {
  type,
  section_id,
});

export const QEMU_SUBSECTION = sized('QEMU subsection', 'State that a device adds only where it is needed.', {
  type,
  idlen: u8({ doc: 'Characters of the name.' }),
  idstr: text((before) => Number(before['idlen']), { doc: 'Name of the subsection.' }),
  version_id,
});

export const QEMU_CONFIGURATION = sized(
  'QEMU configuration',
  'The machine that was saved; under Xen QEMU writes none.',
  {
    type,
    len: u32({ endian: 'big', doc: 'Characters of the name.' }),
    name: text((before) => Number(before['len']), { doc: 'Name of the machine type.' }),
  },
);

export const QEMU_COMMAND = sized('QEMU command', 'A word from the sending QEMU to the receiving one.', {
  type,
  command: u16({ endian: 'big', doc: 'Number of the command.' }),
  len: u16({ endian: 'big', doc: 'Bytes of its data.' }),
  data: bytes((before) => Number(before['len']), { doc: 'What the command needs.' }),
});

export const QEMU_VMDESCRIPTION = sized(
  'QEMU description',
  'The layout of all sections as JSON; under Xen QEMU writes none.',
  {
    type,
    len: u32({ endian: 'big', doc: 'Bytes of JSON.' }),
  },
);
/** Bytes in front of the JSON of a description. */
export const QEMU_VMDESCRIPTION_SIZE = sizeOf(QEMU_VMDESCRIPTION);

export const QEMU_EOF = sized('QEMU end', 'End of the sections.', { type });

/** Written before the save file by toolstacks of old; a converted stream may have kept it. */
export const DEVICE_MODEL_RECORD = struct(
  'DeviceModelRecord0002',
  {
    signature: text(21, { doc: 'Says that a save file of QEMU follows.' }),
    length: u32({ doc: 'Bytes of that file.' }),
  },
  { doc: 'Record of QEMU in legacy images.', source: 'tools/python/scripts/convert-legacy-stream (read_qemu)' },
);
/** Bytes of the record in front of the save file. */
export const DEVICE_MODEL_RECORD_SIZE = sizeOf(DEVICE_MODEL_RECORD);
