/**
 * How components look in each of their states, in both themes: held against the pictures in `__screenshots__`. They are
 * made with Debian's Chromium and the fonts of fonts-noto-core and fonts-noto-mono; `npm run components` makes them anew.
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
 * What may differ: a pixel by a fifth of the way from black to white, as the edges of letters do from one release of
 * Chromium to the next; and one pixel in 500 by more.
 */
const TOLERANCE = { threshold: 0.2, allowedMismatchedPixelRatio: 0.002 };

async function looksRight(story: Story, theme: 'light' | 'dark'): Promise<void> {
  document.documentElement.dataset['theme'] = theme;
  app.setState({ isDark: theme === 'dark' });
  const { container } = await render(<StoryView story={story} />);
  for (const { name, until } of story.states) {
    if (until === undefined) continue;
    await expect.poll(() => container.querySelector(`[data-state-of="${name}"]`)?.textContent).toContain(until);
  }
  await document.fonts.ready;
  await expect
    .element(page.getByRole('region', { name: story.name, exact: true }))
    .toMatchScreenshot(`${story.name}-${theme}`, { comparatorOptions: TOLERANCE });
}

beforeAll(async () => {
  await page.viewport(1860, 1100);
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
  test.each(SHARED_STORIES)('$name', (story) => looksRight(story, theme));

  let panels: readonly Story[] = [];
  beforeAll(async () => {
    panels = panelStories(await openFiles(await sampleFile()));
  });
  test.each(['start', 'timeline', 'record', 'memory', 'cpus', 'policy', 'config', 'findings'])('%s', async (name) => {
    const story = panels.find((one) => one.name === name);
    if (!story) throw new Error(`there is no story ${name}`);
    await looksRight(story, theme);
  });
});
