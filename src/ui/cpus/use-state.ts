/** The state of VCPUs for components: loaded once, kept for the last few hundred parts looked at. */
import { reasonOf } from '../../lib/reason';
import { useEffect, useState } from 'react';
import { Lru } from '../../lib/lru';
import type { OpenFile } from '../../state/open-file';
import { registersOf, type VcpuFields } from './registers';
import { type Part, partLoaders, type Parts, REGISTERS } from './state';
import type { Vcpu } from './vcpus';
import { useFile, useIsScanning } from '../shared/use-file';

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

/** What a card shows of a VCPU. */
const ON_CARDS: ReadonlySet<string> = new Set([...REGISTERS, 'LAPIC', 'LAPIC_REGS']);

async function loadVcpu(file: OpenFile, vcpu: Vcpu, only: ReadonlySet<string> | undefined): Promise<LoadedVcpu> {
  const known = cacheOf(file).parts;
  const parts = new Map<string, Part>();
  const failed = new Map<string, string>();
  const load = async ([name, read]: readonly [string, () => Promise<Part>]): Promise<void> => {
    const key = `${vcpu.record}:${vcpu.id}:${name}`;
    const result = known.get(key) ?? attempt(read);
    known.set(key, result);
    const got = await result;
    if ('part' in got) parts.set(name, got.part);
    else failed.set(name, got.reason);
  };
  const loaders = partLoaders(file, file.image, vcpu, only);
  await Promise.all([...loaders].map(load));
  const lost = REGISTERS.map((name) => failed.get(name)).find((reason) => reason !== undefined);
  if (lost !== undefined) return { state: 'failed', reason: lost };
  return { state: 'ready', vcpu: registersOf(vcpu, parts), parts, failed };
}

function useLoaded(vcpu: Vcpu | undefined, only: ReadonlySet<string> | undefined): LoadedVcpu {
  const file = useFile();
  // Records that belong to a VCPU may follow its registers: the end of the scan says that all are known.
  const scanning = useIsScanning();
  const [, redraw] = useState(0);
  const key = vcpu && [vcpu.record, vcpu.id, vcpu.entries?.length, scanning, only !== undefined].join(':');
  const known = cacheOf(file).vcpus;
  const found = key === undefined ? undefined : known.get(key);
  useEffect(() => {
    if (!vcpu || key === undefined || found) return undefined;
    let wanted = true;
    void loadVcpu(file, vcpu, only).then((got) => {
      known.set(key, got);
      if (wanted) redraw((times) => times + 1);
    });
    return () => {
      wanted = false;
    };
    // `key` stands for the VCPU.
  }, [file, key, found === undefined]);
  return found ?? LOADING;
}

/** Registers and what else a card shows. */
export const useCardState = (vcpu: Vcpu): LoadedVcpu => useLoaded(vcpu, ON_CARDS);

/** All that the stream says of a VCPU. */
export const useVcpu = (vcpu: Vcpu | undefined): LoadedVcpu => useLoaded(vcpu, undefined);
