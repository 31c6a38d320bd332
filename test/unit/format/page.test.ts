/** Page types and frames, against the numbers of Xen's headers. */
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  FRAME_MASK,
  frameOfWords,
  hasPageData,
  isKnownPageType,
  isTableType,
  offsetInPage,
  pageStart,
  PageType,
  pfnOf,
  tableLevel,
} from '../../../src/format/page';

describe('page types', () => {
  it('have the numbers of XEN_DOMCTL_PFINFO_* in bits 63–60', () => {
    expect(PageType).toEqual({
      NOTAB: 0,
      L1TAB: 1,
      L2TAB: 2,
      L3TAB: 3,
      L4TAB: 4,
      L1TAB_PINNED: 9,
      L2TAB_PINNED: 10,
      L3TAB_PINNED: 11,
      L4TAB_PINNED: 12,
      BROKEN: 13,
      XALLOC: 14,
      XTAB: 15,
    });
  });

  it.each([
    [0, 0, true],
    [1, 1, true],
    [2, 2, true],
    [3, 3, true],
    [4, 4, true],
    [5, 0, false],
    [6, 0, false],
    [7, 0, false],
    [8, 0, false],
    [9, 1, true],
    [10, 2, true],
    [11, 3, true],
    [12, 4, true],
    [13, 0, false],
    [14, 0, false],
    [15, 0, false],
    // States of the page map that are no type of the stream.
    [16, 0, false],
    [0xff, 0, false],
  ])('type %i is a table of level %i', (type, level, content) => {
    expect(tableLevel(type)).toBe(level);
    expect(isTableType(type)).toBe(level > 0);
    expect(hasPageData(type)).toBe(content);
  });

  it('are known but for 5 to 8', () => {
    expect(Array.from({ length: 17 }, (_, type) => type).filter((type) => !isKnownPageType(type))).toEqual([
      5, 6, 7, 8, 16,
    ]);
  });
});

describe('frames', () => {
  it('stand in bits 51–12 of an entry', () => {
    expect(FRAME_MASK).toBe(2n ** 52n - 2n ** 12n);
    expect(pfnOf(0x1_2345_6789n)).toBe(0x12_3456);
    expect(offsetInPage(0x1_2345_6789n)).toBe(0x789);
    expect(pageStart(0xffff_8000_0000_1fffn)).toBe(0xffff_8000_0000_1000n);
    expect(addressOf(0x12_3456)).toBe(0x1_2345_6000n);
  });

  it('are read out of two words without their flags', () => {
    // 0x8000_0123_4567_8067: NX, frame 0x1_2345_678, flags 0x067.
    expect(frameOfWords(0x4567_8067, 0x8000_0123)).toBe(0x1234_5678);
    expect(frameOfWords(0xffff_ffff, 0xffff_ffff)).toBe(2 ** 40 - 1);
  });
});
