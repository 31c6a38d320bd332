/**
 * QEMU's saved state, section by section. It says nowhere how long a section is, so the end of each is found by its
 * footer: 0x7e and the id of the section, followed by what may start the next. Source: QEMU, migration/savevm.c.
 */
import { readU32 } from '../../format/kit/bytes';
import type { QemuState } from '../rules/qemu';

const SECTION_EOF = 0x00;
const SECTION_FULL = 0x04;
const SECTION_CONFIGURATION = 0x07;
const FOOTER = 0x7e;
const HEAD = 8;

function nextFooter(state: Uint8Array, from: number, id: number): number {
  for (let at = state.indexOf(FOOTER, from); at >= 0; at = state.indexOf(FOOTER, at + 1)) {
    if (at + 5 >= state.length) return -1;
    const next = state[at + 5];
    if (readU32(state, at + 1, false) === id && (next === SECTION_EOF || next === SECTION_FULL)) return at;
  }
  return -1;
}

export function walkQemu(state: Uint8Array): QemuState {
  const found = { magic: readU32(state, 0, false), version: readU32(state, 4, false), length: state.length };
  const stuck = (at: number, sectionType: number): QemuState => ({ ...found, stuckAt: at, sectionType });
  let at = HEAD;
  if (state[at] === SECTION_CONFIGURATION) at += 5 + readU32(state, at + 1, false);
  const start = at;
  const done = stuck(-1, SECTION_EOF);
  while (at < state.length) {
    const type = state[at] ?? 0;
    if (type === SECTION_EOF) return done;
    if (type !== SECTION_FULL) return stuck(at, type);
    const id = readU32(state, at + 1, false);
    const footer = nextFooter(state, at + 5, id);
    // Machine types of QEMU 2.3 and older write no footers: all that can be told then is whether the end mark is there.
    if (footer < 0 && at === start) return state.at(-1) === SECTION_EOF ? done : stuck(at, type);
    if (footer < 0) return stuck(at, type);
    at = footer + 5;
  }
  return stuck(state.length, -1);
}
