/**
 * The extended state of a vCPU: record X86_PV_VCPU_XSAVE and HVM entry CPU_XSAVE. Both hold the masks and an XSAVE
 * area. Source: Xen, asm/xstate.h (struct xsave_struct), arch/x86/domctl.c (XEN_DOMCTL_getvcpuextstate),
 * public/arch-x86/hvm/save.h (struct hvm_hw_cpu_xsave); Intel SDM vol. 1 § 13.4.
 */
import { byteSize } from '../../lib/text';
import { decode, decodeNode } from '../kit/decode';
import { sizeOf } from '../kit/layout';
import { parse } from '../kit/parse';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { FXSAVE, FXSAVE_SIZE } from './fxsave';
import { vectorNode } from './vector-nodes';
import { hasBit, XSTATE, xstateName } from './xcr0';
import { COMPONENTS } from './xsave-components';
import { AREA_MIN_SIZE, HVM_XSAVE, PV_XSAVE, XSAVE_HEADER } from './xsave-layouts';
import type { ComponentPlace } from './xsave-places';
import { type ExtendedState, extendedState, INITIAL } from './xsave-state';

const SOURCE = 'Intel SDM vol. 1 § 13.4; Xen, asm/xstate.h (struct xsave_struct)';

/** Decodes the body of an X86_PV_VCPU_XSAVE record behind the vCPU header. */
export const decodePvXsave = (body: Body): FieldNode[] => decodeXsave(PV_XSAVE, body);

/** Decodes a CPU_XSAVE entry of an HVM context. */
export const decodeHvmXsave = (body: Body): FieldNode[] => decodeXsave(HVM_XSAVE, body);

/** Returns the area of a record or entry; undefined for a vCPU that never used the extended state. */
function xsaveArea(masks: typeof PV_XSAVE | typeof HVM_XSAVE, body: Body): ExtendedState | undefined {
  const size = sizeOf(masks);
  if (body.length <= size || body.bytes.length < size) return undefined;
  const { xcr0_accum: accum } = parse(masks, body.bytes, body.littleEndian);
  return extendedState(bodyFrom(body, size, body.claimed - size), accum);
}

function decodeXsave(masks: typeof PV_XSAVE | typeof HVM_XSAVE, body: Body): FieldNode[] {
  const nodes = decode(masks, bodyFrom(body, 0, sizeOf(masks)));
  const state = xsaveArea(masks, body);
  return state ? [...nodes, areaNode(state)] : nodes;
}

function areaNode(state: ExtendedState): FieldNode {
  const { body } = state;
  const children = [legacyNode(state)];
  if (body.length > FXSAVE_SIZE) children.push(decodeNode('xsave_hdr', XSAVE_HEADER, body, FXSAVE_SIZE));
  children.push(...componentNodes(state));
  const vectors = vectorNode(state);
  if (vectors) children.push(vectors);
  const problem = children.find((child) => child.problem)?.problem;
  return {
    name: 'save_area',
    offset: body.offset,
    length: body.length,
    value: null,
    text: byteSize(body.length),
    doc: 'What XSAVE wrote, brought into the standard format by Xen.',
    source: SOURCE,
    children,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Bytes 24–31 and the xmm registers are the SSE component, all else before them x87. */
const SSE_FIELDS = new Set(['xmm']);
/** Fields that no component has alone; XRSTOR of the standard format loads mxcsr in any case. */
const ALWAYS_LIVE = new Set(['mxcsr', 'mxcsr_mask', 'reserved', 'unused', 'fpu_word_size']);

function legacyNode({ body, live }: ExtendedState): FieldNode {
  const node = decodeNode('fpu_sse', FXSAVE, bodyFrom(body, 0, FXSAVE_SIZE));
  const children = node.children?.map((field) => {
    if (ALWAYS_LIVE.has(field.name)) return field;
    return hasBit(live, SSE_FIELDS.has(field.name) ? 1 : 0) ? field : { ...field, ...INITIAL };
  });
  return { ...node, ...(children ? { children } : {}) };
}

const plain = (name: string, body: Body, at: number, length: number, more: Partial<FieldNode>): FieldNode => ({
  name,
  offset: body.offset + at,
  length,
  value: null,
  text: byteSize(length),
  source: SOURCE,
  ...more,
});

function componentNodes(state: ExtendedState): FieldNode[] {
  const { body, places } = state;
  const nodes: FieldNode[] = [];
  let end = AREA_MIN_SIZE;
  for (const place of places) {
    if (place.offset >= body.length) break;
    if (place.offset > end) {
      nodes.push(plain('padding', body, end, place.offset - end, { doc: 'No component of this guest lies here.' }));
    }
    nodes.push(componentNode(state, place));
    end = Math.min(body.length, place.offset + place.size);
  }
  if (end < body.length) nodes.push(tailNode(state, end));
  return nodes;
}

function componentNode({ body, live }: ExtendedState, { component, offset, size }: ComponentPlace): FieldNode {
  const [name = xstateName(component), doc = 'A component that Xen does not know.'] = XSTATE[component] ?? [];
  const part = bodyFrom(body, offset, size);
  const layout = COMPONENTS[component]?.layout;
  const children = layout && decode(layout, part);
  const problem = children?.find((child) => child.problem)?.problem;
  return plain(name, body, offset, part.length, {
    doc: layout ? `${doc}; ${layout.name}.` : doc,
    source: 'Intel SDM vol. 1 § 13.5',
    ...(children ? { children } : {}),
    ...(hasBit(live, component) ? {} : INITIAL),
    ...(problem === undefined ? {} : { problem }),
  });
}

/** Makes the node of what lies behind the last component whose place is known. */
function tailNode({ body, live, places }: ExtendedState, at: number): FieldNode {
  const length = body.length - at;
  const unplaced = Array.from({ length: 61 }, (_, index) => index + 2).filter(
    (one) => hasBit(live, one) && !places.some(({ component }) => component === one),
  );
  if (unplaced.length > 0) {
    const names = unplaced.map(xstateName).join(', ');
    return plain('components', body, at, length, {
      doc: 'Components whose places neither a CPUID policy nor the length of the area tells.',
      problem: `no place known of ${names}`,
    });
  }
  const raw = body.bytes.subarray(at, body.length);
  const isZero = raw.every((byte) => byte === 0);
  return plain(isZero ? 'padding' : 'rest', body, at, length, {
    doc: 'Behind the last component. Xen up to 4.3.0 wrote zeros there into CPU_XSAVE; nothing else is accepted.',
    ...(isZero ? {} : { problem: `${byteSize(length)} more than the components have` }),
  });
}
