/** The short questions, each with its answer. What not every file needs is loaded when first asked for. */
import { historyOf, holdersOf } from '../memory/history';
import { breathe } from './breathe';
import type { RoleMap } from '../memory/roles/role-map';
import { exportableOf, type WorkerFile } from './worker-file';
import type { RequestName, Requests } from './protocol';

type Answers = {
  readonly [N in RequestName]: (
    file: WorkerFile,
    given: Requests[N]['in'],
  ) => Requests[N]['out'] | Promise<Requests[N]['out']>;
};

export const ANSWERS: Answers = {
  map: async (file, query) => {
    if (query.layer === 'role') await findRolesOf(file);
    return file.map.cells(query);
  },
  totals: ({ map }) => map.index.totals(breathe),
  summary: ({ map }, { start, pages }) => map.index.summary(start, pages),
  twin: async ({ memory, map }, { pfn }) => {
    const { twinOf } = await import('../memory/content/twin-of');
    const twin = await twinOf(memory, map.content.twins, pfn);
    return twin === undefined ? {} : { pfn: twin };
  },
  counts: async (file, { layer }) => {
    if (layer === 'role') await findRolesOf(file);
    return { counts: await file.map.counts(layer, breathe) };
  },
  roles: async (file, { pfn }) => (await findRolesOf(file)).of(pfn),
  history: ({ scan: { pages, image } }, { pfn }) => historyOf(pages, image, pfn),
  holders: ({ scan: { pages } }, { pfn }) => ({ records: holdersOf(pages, pfn) }),
  page: ({ memory }, { pfn }) => memory.page(pfn),
  log: async ({ findings, scan }, { text }) =>
    (await import('../check/log/matched')).matchedLines(text, findings, scan),
  translate: async ({ memory }, { registers, va }) =>
    (await import('../memory/walk/virtual')).translate(memory, registers, va),
  window: async ({ memory }, { registers, start, pages, limits }) => {
    const { byTables, windowOf } = await import('../memory/space/extents');
    return windowOf(byTables(memory, registers), start, pages, limits);
  },
  offer: async (file, choice) => (await import('../memory/export/choice')).offerOf(exportableOf(file), choice),
  descriptor: async ({ memory }, { vcpu, selector }) =>
    (await import('../memory/descriptors/selector')).descriptorOf(memory, vcpu, selector),
  tables: async (file, { vcpu }) => (await import('./table-answers')).tablesOf(file, vcpu),
  code: async (file, { vcpu, shown }) => (await import('./code-answers')).codeOf(file, vcpu, shown),
  disassembly: async (file, { vcpu, at, shown }) =>
    (await import('./code-answers')).disassemblyOf(file, vcpu, at, shown),
  pageCode: async (file, { pfn }) => (await import('./code-answers')).pageCodeOf(file, pfn),
  names: async (file, { addresses }) => (await import('./code-answers')).namesOf(file, addresses),
  kernelAddresses: async (file, { points }) => (await import('./code-answers')).kernelAddressesOf(file, points),
  symbols: ({ symbols }, { prefix, limit }) => ({ found: symbols?.startingWith(prefix, limit) ?? [] }),
  slide: async (file, { slide }) => (await import('./code-answers')).slideTo(file, slide),
};

interface Found {
  readonly records: number;
  readonly roles: Promise<RoleMap>;
}

const found = new WeakMap<WorkerFile, Found>();
/** Records that were known when the roles that the map shows were found. */
const shown = new WeakMap<WorkerFile, number>();

/** What pages are used for: found when first asked, and anew when the scan has come further. All who ask wait for it. */
async function findRolesOf(file: WorkerFile): Promise<RoleMap> {
  const { count } = file.scan.records;
  let known = found.get(file);
  if (known?.records !== count) {
    const own = { records: count, roles: rolesOf(file) };
    // A read that failed may go well another time.
    own.roles.catch(() => found.get(file) === own && found.delete(file));
    found.set(file, own);
    known = own;
  }
  const map = await known.roles;
  // What was found later may have come first.
  if (known.records >= (shown.get(file) ?? 0)) {
    shown.set(file, known.records);
    file.map.roles = map;
  }
  return map;
}

async function rolesOf({ scan: { records, image }, source, memory }: WorkerFile): Promise<RoleMap> {
  const { findRoles } = await import('../memory/roles/find');
  return findRoles({ records, image, source }, memory, breathe);
}
