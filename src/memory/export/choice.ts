/** What can be asked for. Plain data: it goes to a worker as it is. */
import { blankPlan } from './blank/blank';
import type { Scrub } from './blank/scrub';
import { elfPlan } from './elf/elf';
import { pagesPlan, rangePlan, recordPlan } from './pieces';
import { type Exportable, type ExportPlan, ExportRefused } from './kit/plan';
import { rawPlan } from './raw';

export type ExportChoice =
  /** `machineFrames` for a PV guest as its host had it, with frames in place of PFNs. */
  | { readonly what: 'elf'; readonly machineFrames?: boolean }
  | { readonly what: 'raw' }
  | { readonly what: 'blank'; readonly scrub: readonly Scrub[]; readonly keepUnknown?: boolean }
  | { readonly what: 'record'; readonly index: number }
  | { readonly what: 'range'; readonly offset: number; readonly length: number }
  /** Both included. */
  | { readonly what: 'pages'; readonly first: number; readonly last: number };

interface PlanOptions {
  readonly signal?: AbortSignal;
  readonly breathe?: () => Promise<void>;
}

/**
 * Plans what a choice asks for. Rejects with `ExportRefused` where something essential is missing, with `ReadError`, or
 * the reason of the signal.
 */
export async function planFor(file: Exportable, choice: ExportChoice, options: PlanOptions = {}): Promise<ExportPlan> {
  switch (choice.what) {
    case 'elf':
      return elfPlan(file, { ...options, machineFrames: choice.machineFrames === true });
    case 'raw':
      return rawPlan(file);
    case 'blank':
      return blankPlan(file, { ...options, scrub: new Set(choice.scrub), keepUnknown: choice.keepUnknown === true });
    case 'record':
      return recordPlan(file, choice.index);
    case 'range':
      return rangePlan(file, choice.offset, choice.length);
    case 'pages':
      return pagesPlan(file, choice.first, choice.last);
  }
}

/** What a choice would come to, found out at little cost. */
export type ExportOffer =
  | {
      readonly size: number;
      readonly content: number;
      readonly name: string;
      /** A little more will be written: what only the whole work tells. */
      readonly atLeast: boolean;
    }
  | { readonly refused: string };

/**
 * Tells what a choice would come to, or why it is refused or cannot be read, at little cost: page tables are not gone
 * through.
 */
export async function offerOf(file: Exportable, choice: ExportChoice): Promise<ExportOffer> {
  if (choice.what === 'blank') {
    const { size } = file.source;
    return { size, content: size, name: '', atLeast: false };
  }
  try {
    // Without a look into page tables, which is what takes time.
    const plan =
      choice.what === 'elf'
        ? await elfPlan(file, { tableLimit: 0, machineFrames: choice.machineFrames === true })
        : await planFor(file, choice);
    return { size: plan.size, content: plan.content, name: plan.name, atLeast: choice.what === 'elf' };
  } catch (error) {
    if (error instanceof ExportRefused) return { refused: error.message };
    return {
      refused: error instanceof Error ? `the image cannot be read: ${error.message}` : 'the image cannot be read',
    };
  }
}
