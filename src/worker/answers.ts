/** The short questions, each with its answer. What not every file needs is loaded when first asked for. */
import { pageMap, pageTotals } from '../memory/page-map';
import type { OpenFile } from './open-file';
import type { RequestName, Requests } from './protocol';

type Answers = {
  readonly [N in RequestName]: (
    file: OpenFile,
    given: Requests[N]['in'],
  ) => Requests[N]['out'] | Promise<Requests[N]['out']>;
};

export const ANSWERS: Answers = {
  map: ({ scan }, query) => pageMap(scan.pages, query),
  totals: ({ scan }) => pageTotals(scan.pages),
  occurrences: ({ scan }, { pfn }) => scan.pages.occurrences(pfn),
  page: ({ memory }, { pfn }) => memory.page(pfn),
  log: async ({ findings, scan }, { text }) =>
    (await import('../check/log/matched')).matchedLines(text, findings, scan),
  translate: async ({ memory }, { registers, va }) =>
    (await import('../memory/virtual')).translate(memory, registers, va),
  stretches: async ({ memory }, { registers, start, pages }) => {
    const { byTables, stretches } = await import('../memory/space/stretches');
    return stretches(byTables(memory, registers), start, pages);
  },
  descriptor: async ({ memory }, { vcpu, selector }) =>
    (await import('../memory/descriptors')).descriptorOf(memory, vcpu, selector),
};
