/** The extended state of a vCPU as the section shows it, found in the decoded fields of its records or entries. */
import { childNamed, type FieldName, type NamedFields } from '../../../format/kit/named';
import { isSet } from '../../../format/kit/bits';
import type { FieldNode } from '../../../format/kit/node';
import { CPU_FLAGS } from '../../../format/hvm/cpu-bits';
import { VGCF } from '../../../format/pv/context-fields';
import { FXSAVE } from '../../../format/x86/fxsave';

/** A record or an entry of an HVM context that has something to say. */
export interface FpuSource {
  /** `X86_PV_VCPU_XSAVE`, `CPU_XSAVE`, `X86_PV_VCPU_BASIC`, `CPU`. */
  readonly name: string;
  readonly record: number;
  readonly nodes: readonly FieldNode[];
}

export interface Vector {
  readonly name: string;
  /** Lowest first. */
  readonly parts: readonly VectorPart[];
}

export interface VectorPart {
  readonly name: string;
  readonly node: Pick<FieldNode, 'offset' | 'length'>;
  /** Lowest first; zeros in the initial state. */
  readonly bytes: Uint8Array;
  readonly initial: boolean;
}

export interface FpuModel {
  readonly source: FpuSource;
  /** The 512 bytes of FXSAVE. */
  readonly legacy: NamedFields<FieldName<typeof FXSAVE>>;
  /** Components with a place of their own. */
  readonly components: readonly FieldNode[];
  /** Masks and header of an XSAVE area. */
  readonly xcr0: FieldNode | undefined;
  readonly live: FieldNode | undefined;
  readonly vectors: readonly Vector[];
  /** Xen starts the FPU afresh, whatever the bytes say. */
  readonly unused: boolean;
}

/** Names of the FXSAVE image: in an XSAVE area, and in what stands for it where there is none. */
const AREAS = ['fpu_sse', 'fpu_ctxt', 'fpu_regs'] as const;
const SKIPPED = new Set(['fpu_sse', 'xsave_hdr', 'padding', 'rest']);

/** The first field of a name in the groups of a tree. */
function find(nodes: readonly FieldNode[], name: string): FieldNode | undefined {
  for (const node of nodes) {
    if (node.name === name) return node;
    const found = node.value === null && node.children ? find(node.children, name) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Tells whether a component is in its initial state, whatever its bytes are. */
export const isInitial = ({ initial }: FieldNode): boolean => initial === true;

/** Digits, highest first, to bytes, lowest first. */
const bytesOf = (digits: string): Uint8Array =>
  Uint8Array.from((digits.match(/[\da-f]{2}/gu) ?? []).toReversed(), (pair) => Number.parseInt(pair, 16));

function part(node: FieldNode, initial: boolean): VectorPart {
  const bytes = bytesOf(node.text);
  return { name: node.name, node, bytes: initial ? new Uint8Array(bytes.length) : bytes, initial };
}

/** The registers by their widest name. */
function vectorsOf(area: readonly FieldNode[], xmm: FieldNode | undefined): Vector[] {
  const view = area.find(({ items, length }) => items !== undefined && length === 0)?.items;
  const low = view
    ? Array.from({ length: view.count }, (_, index) => view.decode(index, new Uint8Array(0))).map(
        ({ name, children = [] }): Vector => ({
          name,
          parts: children.filter(({ length }) => length > 0).map((one) => part(one, isInitial(one))),
        }),
      )
    : single(xmm);
  return [...low, ...single(area.find(({ name }) => name === 'HI_ZMM'))];
}

/** Registers that lie in one piece. */
const single = (group: FieldNode | undefined): Vector[] =>
  (group?.children ?? [])
    .filter(({ value, problem }) => value === null && problem === undefined)
    .map((node) => ({ name: node.name, parts: [part(node, group !== undefined && isInitial(group))] }));

/**
 * Returns the extended state, read from the XSAVE area where there is one, else from the FXSAVE image of the registers;
 * undefined where there is neither.
 */
export function fpuOf(sources: readonly FpuSource[]): FpuModel | undefined {
  const source = sources.find(({ nodes }) => find(nodes, 'save_area')) ?? sources.find(({ nodes }) => imageIn(nodes));
  const image = source && imageIn(source.nodes);
  if (!source || !image?.children) return undefined;
  const area = find(source.nodes, 'save_area')?.children ?? [];
  const flags = area.length > 0 ? undefined : find(source.nodes, 'flags');
  return {
    source,
    legacy: new Map(image.children.map((node) => [node.name, node])),
    components: area.filter(({ name, items }) => !SKIPPED.has(name) && items === undefined),
    xcr0: find(source.nodes, 'xcr0'),
    live: find(area, 'xstate_bv'),
    vectors: vectorsOf(area, childNamed(FXSAVE, image, 'xmm')),
    unused:
      typeof flags?.value === 'number' || typeof flags?.value === 'bigint'
        ? !isSet(flags.value, image.name === 'fpu_regs' ? CPU_FLAGS.FPU_INITIALISED : VGCF.i387_valid)
        : false,
  };
}

function imageIn(nodes: readonly FieldNode[]): FieldNode | undefined {
  for (const name of AREAS) {
    const found = find(nodes, name);
    if (found) return found;
  }
  return undefined;
}
