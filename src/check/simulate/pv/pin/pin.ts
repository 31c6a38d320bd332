/**
 * Where Xen validates the pages of a PV guest: GDT and roots when a vCPU is loaded, then each table that was pinned, by
 * PFN. Sources: xen/arch/x86/domain.c, arch_set_info_guest(); xg_sr_restore_x86_pv.c, pin_pagetables().
 */
import { CR1_PFN } from '../../../../format/pv/roots';
import { elementAt } from '../../../../format/kit/fields';
import { PAGE_DATA_HEADER, PAGE_DATA_HEADER_SIZE } from '../../../../format/libxc/page-data';
import { RECORD_HEADER_SIZE } from '../../../../format/framing';
import { frameNumber, isPinned, tableLevel } from '../../../../format/page';
import { counted } from '../../../../lib/text';
import type { Reading } from '../../../../scan/reader';
import { errnoTail } from '../../../kit/errno';
import { says } from '../../../kit/log-line';
import type { Span } from '../../../../lib/range';
import { Kind } from '../../../rules/pv/tables/kinds';
import { PAGE_TYPE_RULES, type PageUse } from '../../../rules/pv/tables/page-types';
import { NARROW_L4_RULES, RAW_ROOT_RULES } from '../../../rules/pv/tables/stray-frames';
import type { Simulation, Tail } from '../../simulation';
import type { PvContext } from '../../../rules/pv/context';
import { within } from '../places';
import type { Blob } from '../../state';
import { Validation } from './validate';

function validationOf(sim: Simulation): Validation {
  sim.validation ??= new Validation(sim);
  return sim.validation;
}

/** Tells whether nothing can be told of the page tables: they were blanked, or are too many. */
const cannotTell = (sim: Simulation): boolean => sim.blankPages || sim.frames.cut || validationOf(sim).cut;

/** Returns the place of the entry of a PFN list that mentions a page last; `otherwise` for a page that the stream does not mention. */
function mention(sim: Simulation, pfn: number, otherwise: Span): Span {
  const last = validationOf(sim).mentions.get(pfn);
  if (!last) return otherwise;
  const body = sim.scan.records.offsetAt(last.record) + RECORD_HEADER_SIZE;
  return elementAt(PAGE_DATA_HEADER.fields.pfn.of, last.entry, body + PAGE_DATA_HEADER_SIZE);
}

/** A use that Xen puts a page to. */
interface Use {
  readonly by: PageUse['by'];
  readonly pfn: number;
  readonly kind: number;
  /** What names the page. */
  readonly place: Span;
  readonly tail: Tail;
}

/** Puts a page to a use; true where Xen refuses. */
function* refuses(sim: Simulation, { by, pfn, kind, place, tail }: Use): Reading<boolean> {
  const validation = validationOf(sim);
  const before = validation.kindOf(pfn);
  const errno = yield* validation.use(pfn, kind);
  if (errno === 0) return false;
  if (by.what === 'pin') validation.lines.pinning(errno);
  const cause = validation.cause ?? { what: 'root', page: pfn, kind: before };
  const guilty = 'entry' in cause ? cause.entry.place : 'place' in cause ? (cause.place ?? place) : place;
  const use: PageUse = {
    by,
    pfn,
    kind,
    errno,
    cause,
    lines: validation.lines.drain(),
    knownHost: sim.config?.hasIo !== undefined,
  };
  return sim.apply(PAGE_TYPE_RULES, use, guilty, tail);
}

/** Loads the GDT and the roots of a vCPU; true where Xen refuses. */
export function* refusesPages(sim: Simulation, context: PvContext, blob: Blob, tail: Tail): Reading<boolean> {
  if (cannotTell(sim)) return false;
  const { vcpu, gdtPages, cr3Pfn, cr1, field } = context;
  for (const [index, pfn] of gdtPages.entries()) {
    const place = within(blob, field(`gdt_frames[${index}]`));
    const use = { by: { what: 'gdt', vcpu }, pfn: Number(pfn), kind: Kind.segment, place, tail } as const;
    if (yield* refuses(sim, use)) return true;
  }
  const root = (what: 'cr3' | 'cr1', pfn: bigint) =>
    refuses(sim, {
      by: { what, vcpu },
      pfn: Number(pfn),
      kind: sim.libxc.levels,
      place: within(blob, field(`ctrlreg.${what}`)),
      tail,
    });
  if (yield* root('cr3', cr3Pfn)) return true;
  if (cr1 === 0n) return false;
  // Without that bit libxc hands the register on as it is.
  if ((cr1 & CR1_PFN) === 0n) return sim.apply(RAW_ROOT_RULES, { vcpu, cr1 }, within(blob, field('ctrlreg.cr1')), tail);
  return yield* root('cr1', frameNumber(cr1));
}

const PIN_TAIL: Tail = ({ errno = 0 }) => [says.libxc(`Failed to pin batch of pagetables${errnoTail(errno)}`)];

/** Pins the tables that were pinned when the guest was saved; true where Xen refuses one. */
export function* refusesPins(sim: Simulation): Reading<boolean> {
  if (cannotTell(sim)) {
    const why = sim.blankPages ? 'the page tables were blanked' : 'there are too many page tables to validate here';
    sim.fact(why);
    sim.cannotTell(why, 'tables');
    return false;
  }
  const { frames } = sim;
  const { maxPfn, levels } = sim.libxc;
  let pinned = 0;
  for (let pfn = 0; pfn <= Math.min(maxPfn, frames.last); pfn++) {
    const type = frames.typeOf(pfn);
    if (!isPinned(type)) continue;
    const level = tableLevel(type);
    const place = mention(sim, pfn, { offset: 0, length: 0 });
    if (level > levels) {
      sim.apply(NARROW_L4_RULES, { pfn }, place);
      continue;
    }
    pinned++;
    if (yield* refuses(sim, { by: { what: 'pin' }, pfn, kind: level, place, tail: PIN_TAIL })) return true;
  }
  if (validationOf(sim).cut) sim.fact('too many page tables to validate here');
  else sim.fact(`${counted(validationOf(sim).tables, 'page table')} validated, ${pinned} of them pinned`);
  return false;
}
