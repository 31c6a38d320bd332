/**
 * The long work: each a function that answers in parts and can be cancelled. Its code is loaded when first asked for.
 */
import type { JobTools } from './job-tools';
import type { WorkerFile } from './worker-file';
import type { CheckOptions, JobName, Jobs, SpaceQuery } from './protocol';

type JobTable = {
  readonly [N in JobName]: (
    file: WorkerFile,
    input: Jobs[N]['in'],
    tools: JobTools<Jobs[N]['part']>,
  ) => Promise<Jobs[N]['out']>;
};

/** Runs each job of the protocol. */
export const JOBS: JobTable = {
  check: runCheck,
  space: runSpace,
  content: async ({ scan, source, map }, _, tools) =>
    (await import('../memory/content/pass')).contentPass(
      { pages: scan.pages, image: scan.image, source },
      map.content,
      tools,
    ),
  roles: findRolesOf,
  symbols: async (file, { file: given }) => (await import('./code-answers')).takeSymbols(file, given),
  ownSymbols: async (file, _, tools) => (await import('./code-answers')).takeOwnSymbols(file, tools),
  linux: async (file, _, tools) => (await import('./code-answers')).linuxOf(file, tools),
  verify: async ({ scan: { pages, image }, source }, _, tools) => {
    const start = image.firstVerify;
    if (start === undefined) throw new Error('there is no VERIFY section');
    const { verifyPages } = await import('../memory/compare/verify');
    return verifyPages({ pages, source }, start, tools);
  },
  search: async ({ scan, source }, input, tools) =>
    (await import('../memory/search/search')).search(scan, source, input, tools),
  export: async (file, input, tools) => (await import('./export')).runExport(file, input, tools),
};

async function runCheck(
  file: WorkerFile,
  { xen, reader, policy }: CheckOptions,
  { signal, onProgress, breathe }: JobTools<never>,
): Promise<Jobs['check']['out']> {
  // Of another target: they are not this one's, and stay away if this check is cancelled.
  file.findings = [];
  const [{ check }, { readTarget, TARGET_LIMIT }] = await Promise.all([
    import('../check/check'),
    import('../check/target/read-target'),
  ]);
  const target =
    policy === undefined
      ? undefined
      : await readTarget(new Uint8Array(await policy.slice(0, TARGET_LIMIT).arrayBuffer()));
  if (policy !== undefined && target === undefined)
    throw new Error(
      'the file given for the target is neither the output of xen-cpuid -p nor an image with a CPUID policy',
    );
  const result = await check(file.scan, file.source, {
    xen,
    reader,
    target,
    signal,
    onSlice: async (done) => {
      onProgress(done, 1);
      await breathe();
    },
  });
  if (!result.complete) throw new Error(result.unread ?? 'it was cancelled');
  file.findings = result.findings;
  return result;
}

async function findRolesOf(
  { scan: { records, image }, source, memory, map }: WorkerFile,
  _: Jobs['roles']['in'],
  { signal, onProgress, breathe }: JobTools<never>,
): Promise<Jobs['roles']['out']> {
  const { findRoles } = await import('../memory/roles/find');
  const { count } = records;
  const breatheUnlessAborted = async (): Promise<void> => {
    await breathe();
    signal.throwIfAborted();
  };
  const found = await findRoles({ records, image, source }, memory, breatheUnlessAborted, onProgress);
  signal.throwIfAborted();
  map.roles = found;
  return { records: count };
}

async function runSpace(
  { memory }: WorkerFile,
  { registers, side }: SpaceQuery,
  tools: JobTools<Jobs['space']['part']>,
): Promise<Jobs['space']['out']> {
  const [{ addressSpace }, { spacesOf }] = await Promise.all([
    import('../memory/space/space'),
    import('../format/paging/paging'),
  ]);
  const spaces = spacesOf(registers);
  const paging = spaces.find((one) => one.side === side) ?? spaces[0];
  return addressSpace(memory, paging, { ...tools, onPart: (part) => tools.onPart(part) });
}
