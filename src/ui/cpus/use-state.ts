/** The state of vCPUs for components: loaded once, kept for the last few hundred parts looked at. */
import { reasonOf } from '../../lib/reason';
import { Lru } from '../../lib/lru';
import type { OpenFile } from '../../state/open-file';
import { loadPart, type Part, type PartAt, partsOf, type Parts, REGISTERS } from '../../memory/vcpus/parts';
import { registersOf, type VcpuFields } from '../../memory/vcpus/registers';
import type { RestoredVcpu } from '../../scan/restored/vcpus';
import { decodedRecord } from '../../state/decoded';
import { useAnswer } from '../shared/use-answer';
import { useFile } from '../shared/use-file';

export type LoadedVcpu =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | {
      readonly state: 'ready';
      readonly vcpu: VcpuFields;
      readonly parts: Parts;
      /** Parts that could not be read, with the reason. */
      readonly failed: ReadonlyMap<string, string>;
    };

type Result = { readonly part: Part } | { readonly reason: string };

const LOADING: LoadedVcpu = { state: 'loading' };
const KEPT = 512;

interface Cache {
  readonly parts: Lru<string, Promise<Result>>;
  /** What has been put together of them: shown at once when it is asked for again. */
  readonly vcpus: Lru<string, LoadedVcpu>;
}
const caches = new WeakMap<OpenFile, Cache>();

function cacheOf(file: OpenFile): Cache {
  const known = caches.get(file) ?? { parts: new Lru(KEPT), vcpus: new Lru(KEPT) };
  caches.set(file, known);
  return known;
}

const attempt = (load: () => Promise<Part>): Promise<Result> =>
  load().then(
    (part): Result => ({ part }),
    (error: unknown): Result => ({ reason: reasonOf(error, 'the read failed') }),
  );

/** What a card shows of a vCPU. */
const ON_CARDS: ReadonlySet<string> = new Set([...REGISTERS, 'LAPIC', 'LAPIC_REGS']);

/** Tells parts apart: what they are made of stands at one place in the file. */
const keyOf = ({ name, record, entry }: PartAt): string => `${name}:${record}:${entry?.offset ?? ''}`;

async function loadVcpu(file: OpenFile, vcpu: RestoredVcpu, wanted: readonly PartAt[]): Promise<LoadedVcpu> {
  const known = cacheOf(file).parts;
  const parts = new Map<string, Part>();
  const failed = new Map<string, string>();
  const load = async (part: PartAt): Promise<void> => {
    const key = keyOf(part);
    const result =
      known.get(key) ?? attempt(() => loadPart(file, part, async (row) => (await decodedRecord(file, row)).nodes));
    known.set(key, result);
    const got = await result;
    if ('part' in got) parts.set(part.name, got.part);
    else failed.set(part.name, got.reason);
  };
  await Promise.all(wanted.map(load));
  const lost = REGISTERS.map((name) => failed.get(name)).find((reason) => reason !== undefined);
  if (lost !== undefined) return { state: 'failed', reason: lost };
  return { state: 'ready', vcpu: registersOf(vcpu, parts), parts, failed };
}

function useLoaded(vcpu: RestoredVcpu | undefined, only: ReadonlySet<string> | undefined): LoadedVcpu {
  const file = useFile();
  const wanted = vcpu && partsOf(vcpu).filter(({ name }) => only === undefined || only.has(name));
  // Parts of a vCPU may come after its registers, while the scan goes on.
  const key = vcpu && wanted && [vcpu.id, ...wanted.map(keyOf)].join(' ');
  const { vcpus } = cacheOf(file);
  const found = key === undefined ? undefined : vcpus.get(key);
  const ask = async (): Promise<LoadedVcpu> => {
    if (!vcpu || !wanted || key === undefined) return LOADING;
    const got = await loadVcpu(file, vcpu, wanted);
    vcpus.set(key, got);
    return got;
  };
  const asked = useAnswer(key, key === undefined || found ? undefined : ask);
  return found ?? (asked.state === 'ready' ? asked.value : asked);
}

/** Loads the registers and what else a card shows. */
export const useCardState = (vcpu: RestoredVcpu): LoadedVcpu => useLoaded(vcpu, ON_CARDS);

/** Loads all that the stream says of a vCPU. */
export const useVcpu = (vcpu: RestoredVcpu | undefined): LoadedVcpu => useLoaded(vcpu, undefined);
