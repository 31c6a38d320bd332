/** Which VCPUs the image holds, and the fields of one: read and decoded when it is looked at. */
import { GUEST_CONTEXT_32_SIZE } from '../../format/pv/guest-context-32';
import { useEffect, useMemo, useState } from 'react';
import { cpuLayout } from '../../format/hvm/cpu';
import { HVM_DESCRIPTOR_SIZE, HvmType } from '../../format/hvm/entries';
import { decode } from '../../format/kit/decode';
import type { FieldNode } from '../../format/kit/node';
import { Lru } from '../../lib/lru';
import type { ContextEntry } from '../../scan/image';
import { type FileData, fileData } from '../../state/session';
import { useApp } from '../../state/store';
import { useLandmarks } from '../shared/landmarks';
import { decodedRecord } from '../shared/use-decoded';
import { useCutVcpu, useSelectedState, vcpusOfRound } from './round';

export interface Vcpu {
  readonly id: number;
  readonly record: number;
  /** Its entry in an HVM context; a PV VCPU has a record to itself. */
  readonly entry?: ContextEntry;
}

/** What the bytes are: registers of a kind, or why there are none to show. */
type Form = 'hvm' | 'pv64' | 'pv32' | 'empty' | 'unknown';

export interface VcpuFields {
  readonly form: Form;
  readonly record: number;
  /** Bytes of the registers in the file. */
  readonly offset: number;
  readonly length: number;
  /** Bytes that should be there: more than `length` where the file ends before. */
  readonly claimed: number;
  readonly fields: ReadonlyMap<string, FieldNode>;
}

export type LoadedVcpu =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly vcpu: VcpuFields };

/** VCPU number and reserved bytes. */
const PV_HEADER_SIZE = 8;
const ENTRY_LIMIT = 4096;
const LOADING: LoadedVcpu = { state: 'loading' };

/** The VCPUs, by id. Of several contexts the selected one counts, else the last: a restore uses no other. */
export function useVcpus(): readonly Vcpu[] {
  const context = useApp((state) => state.image.context);
  const { vcpus, checkpoints } = useLandmarks();
  const selected = useSelectedState();
  const cut = useCutVcpu();
  return useMemo(() => {
    const isContext = selected !== undefined && context.some(({ record }) => record === selected);
    const last = isContext ? selected : context.at(-1)?.record;
    const byId = new Map<number, Vcpu>();
    const ofRound = selected === undefined || isContext ? undefined : vcpusOfRound(checkpoints, selected);
    const isOfRound = ofRound !== undefined && ofRound.size > 0;
    for (const [id, record] of isOfRound ? ofRound : vcpus) byId.set(id, { id, record });
    if (cut && (!byId.has(cut.id) || cut.record === selected)) byId.set(cut.id, cut);
    for (const entry of context) {
      if (entry.typecode !== HvmType.CPU || entry.record !== last) continue;
      byId.set(entry.instance, { id: entry.instance, record: entry.record, entry });
    }
    return [...byId.values()].toSorted((a, b) => a.id - b.id);
  }, [context, vcpus, checkpoints, selected, cut]);
}

/** Fields by name. Names within a structure are unique but for padding, which nobody asks for. */
function flatten(nodes: readonly FieldNode[], into = new Map<string, FieldNode>()): Map<string, FieldNode> {
  for (const node of nodes) {
    const isGroup = node.value === null && node.children !== undefined;
    if (isGroup) flatten(node.children, into);
    else if (!into.has(node.name)) into.set(node.name, node);
  }
  return into;
}

async function loadHvm(data: FileData, vcpu: Vcpu, entry: ContextEntry, littleEndian: boolean): Promise<VcpuFields> {
  const offset = entry.offset + HVM_DESCRIPTOR_SIZE;
  const length = Math.max(0, Math.min(entry.length, data.source.size - offset));
  const bytes = await data.source.read(offset, Math.min(length, ENTRY_LIMIT));
  const body = { bytes, offset, length, claimed: entry.length, littleEndian };
  const fields = flatten(decode(cpuLayout(entry.length), body));
  return { form: 'hvm', record: vcpu.record, offset, length, claimed: entry.length, fields };
}

async function loadPv(data: FileData, vcpu: Vcpu): Promise<VcpuFields> {
  const row = data.records.row(vcpu.record);
  if (!row) throw new Error('the record is not in the index');
  const decoded = await decodedRecord(row);
  if (decoded.state === 'failed') throw new Error(decoded.reason);
  const nodes = decoded.state === 'ready' ? decoded.nodes : [];
  const context = nodes.find(({ name }) => name === 'vcpu_guest_context');
  const offset = context?.offset ?? row.offset;
  const claimed = Math.max(0, row.length - PV_HEADER_SIZE);
  const length = Math.max(0, Math.min(claimed, data.source.size - offset));
  const base = { record: vcpu.record, offset, length, claimed };
  if (!context) return { ...base, form: 'empty', fields: new Map() };
  if (!context.children) return { ...base, form: 'unknown', fields: new Map() };
  const form = claimed === GUEST_CONTEXT_32_SIZE ? 'pv32' : 'pv64';
  return { ...base, form, fields: flatten(context.children) };
}

const cache = new WeakMap<FileData, Lru<string, Promise<LoadedVcpu>>>();

function loaded(data: FileData, vcpu: Vcpu, littleEndian: boolean): Promise<LoadedVcpu> {
  const known = cache.get(data) ?? new Lru<string, Promise<LoadedVcpu>>(256);
  cache.set(data, known);
  const key = `${vcpu.record}:${vcpu.entry?.offset ?? 0}`;
  const { entry } = vcpu;
  const fields = (): Promise<VcpuFields> => (entry ? loadHvm(data, vcpu, entry, littleEndian) : loadPv(data, vcpu));
  const found =
    known.get(key) ??
    fields().then(
      (ready): LoadedVcpu => ({ state: 'ready', vcpu: ready }),
      (error: unknown): LoadedVcpu => ({
        state: 'failed',
        reason: error instanceof Error ? error.message : 'the read failed',
      }),
    );
  known.set(key, found);
  return found;
}

export function useVcpu(vcpu: Vcpu): LoadedVcpu {
  const littleEndian = useApp((state) => state.image.bigEndian !== true);
  const data = fileData();
  const key = `${vcpu.record}:${vcpu.entry?.offset ?? 0}`;
  const [result, setResult] = useState<{ readonly key: string; readonly data: FileData; readonly got: LoadedVcpu }>();
  useEffect(() => {
    let wanted = true;
    void loaded(data, vcpu, littleEndian).then((got) => {
      if (wanted) setResult({ key, data, got });
    });
    return () => {
      wanted = false;
    };
    // `key` stands for the VCPU.
  }, [data, key, littleEndian]);
  return result && result.key === key && result.data === data ? result.got : LOADING;
}
