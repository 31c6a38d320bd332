/** The scroller for any number of rows, in a real browser: layout and scroll bars are what it is about. */
import { useLayoutEffect } from 'react';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { type ScaledScroll, useScaledScroll } from '../../src/ui/shared/use-scaled-scroll';

const ROW = 20;
const HEIGHT = 200;

let scroll: ScaledScroll | undefined;

function List({ rows }: { readonly rows: number }): React.ReactNode {
  const now = useScaledScroll(rows, ROW);
  const { ref } = now;
  useLayoutEffect(() => {
    scroll = now;
  });
  return (
    <div ref={ref} data-testid="list" style={{ height: HEIGHT, overflowY: 'scroll' }}>
      <div style={{ height: now.spacerPx }} />
    </div>
  );
}

const element = (): HTMLElement => document.querySelector<HTMLElement>('[data-testid=list]') ?? document.body;
const lastShown = (): number => (scroll?.firstRow ?? 0) + (scroll?.rowsInView ?? 0) - 1;

for (const rows of [3, 1000, 399_999, 400_001, 10_000_000, 68_719_476_736]) {
  test(`first and last of ${rows} rows are reached by the scroll bar and by name`, async () => {
    await render(<List rows={rows} />);
    await expect.poll(() => scroll?.heightPx).toBe(HEIGHT);
    // The height that Firefox still lays out; Chromium allows twice as much.
    expect(scroll?.spacerPx).toBeLessThanOrEqual(17_000_000);
    element().scrollTop = element().scrollHeight;
    await expect.poll(lastShown).toBe(rows - 1);
    element().scrollTop = 0;
    await expect.poll(() => scroll?.firstRow).toBe(0);
    scroll?.reveal(rows - 1);
    await expect.poll(lastShown).toBe(rows - 1);
    scroll?.reveal(0);
    await expect.poll(() => scroll?.firstRow).toBe(0);
  });
}

test('the wheel moves by exact pixels however coarse the bar is', async () => {
  await render(<List rows={68_719_476_736} />);
  await expect.poll(() => scroll?.heightPx).toBe(HEIGHT);
  scroll?.reveal(34_359_738_368, 'center');
  await expect.poll(() => scroll?.firstRow).toBeGreaterThan(34_000_000_000);
  const before = scroll?.firstRow ?? 0;
  element().dispatchEvent(new WheelEvent('wheel', { deltaY: 3 * ROW, bubbles: true, cancelable: true }));
  await expect.poll(() => scroll?.firstRow).toBe(before + 3);
});

test('fewer rows than before leave no view behind the end', async () => {
  const screen = await render(<List rows={10_000} />);
  await expect.poll(() => scroll?.heightPx).toBe(HEIGHT);
  scroll?.reveal(9_999);
  await expect.poll(lastShown).toBe(9_999);
  await screen.rerender(<List rows={100} />);
  await expect.poll(lastShown).toBe(99);
});
