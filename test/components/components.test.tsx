/**
 * How components look in each of their states, in both themes: held against the pictures in `__screenshots__`. They are
 * made with Debian's Chromium and the fonts of fonts-noto-core and fonts-noto-mono; `npm run components -- --update`
 * makes them anew.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { app } from '../../src/state/app';
import { openFiles } from './files';
import { panelStories } from './panel-stories';
import { SHARED_STORIES } from './shared-stories';
import type { Story } from './story';
import { StoryView } from './story-view';
import { sampleFile } from '../fixtures/page/sample-file';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';

/**
 * What may differ: every pixel by a twentieth of the way from black to white, the edges of letters by more, as they do from
 * one release of Chromium to the next; and 40 pixels by anything. That is less than one letter, or than half of the
 * smallest mark (10 by 10) in another colour.
 */
const TOLERANCE = { threshold: 0.05, allowedMismatchedPixels: 40 };
/** The default of five seconds is short for two pictures while the machine is busy. What hangs is ended by the limit of tests. */
const NO_LIMIT = 0;

const files = await openFiles(await sampleFile());
afterAll(() => files.dispose());

const frame = (): Promise<number> => new Promise(requestAnimationFrame);

/** Tells whether all that was asked is answered, and what follows from it is drawn: within two frames nothing is asked. */
async function isSettled(): Promise<boolean> {
  for (const next of [frame, frame]) {
    if (files.isBusy()) return false;
    await next();
  }
  return !files.isBusy();
}

async function looksRight(story: Story, theme: 'light' | 'dark'): Promise<void> {
  document.documentElement.dataset['theme'] = theme;
  app.setState({ isDark: theme === 'dark' });
  const { container } = await render(<StoryView story={story} />);
  for (const { name, until = [] } of story.states) {
    for (const text of until) {
      await expect.poll(() => container.querySelector(`[data-state-of="${name}"]`)?.textContent).toContain(text);
    }
  }
  await document.fonts.ready;
  await expect.poll(isSettled).toBe(true);
  await expect
    .element(page.getByRole('region', { name: story.name, exact: true }))
    .toMatchScreenshot(`${story.name}-${theme}`, { comparatorOptions: TOLERANCE, timeout: NO_LIMIT });
}

beforeAll(async () => {
  await page.viewport(1860, 1100);
  // The test before may have left the pointer anywhere: nothing is to look hovered.
  document.documentElement.style.pointerEvents = 'none';
  // One story is about a component that fails: React says so on the console.
  const tell = console.error;
  vi.spyOn(console, 'error').mockImplementation((...said: unknown[]) => {
    if (!said.some((one) => String(one).includes('the fault'))) tell(...said);
  });
});
afterAll(() => {
  delete document.documentElement.dataset['theme'];
});

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  test.each([...SHARED_STORIES, ...panelStories(files)])('$name', (story) => looksRight(story, theme));
});
