/** Copying the selected bytes in the forms that people paste elsewhere. */
import { reasonOf } from '../../lib/reason';
import { byteSize, hexBytes } from '../../lib/text';
import { visible } from '../../lib/visible';
import { copyText } from '../shared/clipboard';
import { notify } from '../../state/app';
import type { OpenFile } from '../../state/open-file';

export const COPY_FORMS = {
  hex: 'Hex',
  c: 'C array',
  text: 'Text',
  dd: 'dd command',
  offset: 'Offset',
} as const;
export type CopyForm = keyof typeof COPY_FORMS;

/** More than this does not belong on a clipboard, bytes; `dd` cuts out any size. */
const LIMIT = 1024 * 1024;

/** Quotes a word for a shell; escapes of what is not seen mean the same to it. */
const shellQuoted = (text: string): string =>
  visible(text) === text
    ? `'${text.replaceAll("'", String.raw`'\''`)}'`
    : `$'${visible(text.replaceAll(/[\\']/gu, String.raw`\$&`))}'`;

const FORMATS: Readonly<Record<'hex' | 'c' | 'text', (bytes: Uint8Array) => string>> = {
  hex: (bytes) => hexBytes(bytes, ' '),
  c: (bytes) => {
    const lines: string[] = [];
    for (let from = 0; from < bytes.length; from += 12) {
      lines.push(
        `    ${Array.from(bytes.subarray(from, from + 12), (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ')},`,
      );
    }
    return `const unsigned char bytes[${bytes.length}] = {\n${lines.join('\n')}\n};`;
  },
  text: (bytes) => new TextDecoder('latin1').decode(bytes),
};

/** `dd` that cuts `start … end` out of the file, byte-exact and with large blocks. */
function ddCommand(name: string, start: number, end: number): string {
  return `dd if=${shellQuoted(name)} bs=64K iflag=skip_bytes,count_bytes skip=${start} count=${end - start} of=${shellQuoted(`${name}.${start.toString(16)}.bin`)}`;
}

/** Copies the selected bytes in one of the forms. */
export async function copySelection(file: OpenFile, form: CopyForm): Promise<void> {
  const { range } = file.place;
  if (!range) {
    notify('No bytes are selected');
    return;
  }
  if (form === 'dd') return copyText(ddCommand(file.name, range.start, range.end), 'dd command');
  if (form === 'offset') return copyText(`0x${range.start.toString(16)}`, 'Offset');
  if (range.end - range.start > LIMIT) {
    notify(`More than ${byteSize(LIMIT)} are selected: copy the dd command instead`);
    return;
  }
  try {
    const bytes = await file.source.read(range.start, range.end - range.start);
    await copyText(FORMATS[form](bytes), `${byteSize(bytes.length)} as ${COPY_FORMS[form]}`);
  } catch (error) {
    notify(`The bytes could not be read: ${reasonOf(error, 'unknown error')}`);
  }
}
