/** What axe finds wrong with a page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** The two themes. All of axe's rules run in the light one; in the dark one those that colours decide. */
export const THEMES = ['light', 'dark'] as const;

/** Rules that hang on colours; all others see the same elements in either theme. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Loads axe into a page that was opened with bypassCSP: the test's own script is no part of the page. */
export const loadAxe = (page: Page) => page.addScriptTag({ content: AXE });

/** Runs axe over the whole page: each violation as the rule's name and the elements. */
export async function violations(page: Page): Promise<string[]> {
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const options = { resultTypes: ['violations'], ...(isDark ? { runOnly: { type: 'rule', values: OF_COLOURS } } : {}) };
  const result = await page.evaluate<AxeResult>(`axe.run(document, ${JSON.stringify(options)})`);
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
