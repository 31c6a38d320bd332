/** libvirt: its header, the XML behind it, and the version of the stream that it hands to libxl. */
import { parse } from '../../format/kit/parse';
import { LIBVIRT_HEADER, LIBVIRT_HEADER_SIZE } from '../../format/libvirt/header';
import { LIBXL_HEADER, LIBXL_HEADER_SIZE, LIBXL_IDENT } from '../../format/libxl/header';
import type { Reading } from '../../scan/reader';
import { LIBVIRT_RULES } from '../rules/libvirt';
import { assumedDomain } from './config/assumed';
import type { Simulation } from './simulation';

/** Plays through libxlDomainSaveImageOpen() and what libxlDomainStart() makes of the header. */
export function* readLibvirt(sim: Simulation): Reading<void> {
  sim.enter('file');
  const { size } = sim.reader;
  const header = parse(LIBVIRT_HEADER, yield* sim.read(0, LIBVIRT_HEADER_SIZE));
  const start = LIBVIRT_HEADER_SIZE + header.xmlLen;
  const stream = yield* sim.read(start, LIBXL_HEADER_SIZE);
  const hasLibxl = parse(LIBXL_HEADER, stream).ident === LIBXL_IDENT;
  const place = { offset: 0, length: Math.min(LIBVIRT_HEADER_SIZE, size) };
  const stops = sim.apply(LIBVIRT_RULES, { ...header, size, hasLibxl }, place);
  sim.config = assumedDomain(sim);
  if (stops && !hasLibxl) {
    sim.resync(-1);
    return;
  }
  sim.position = start;
  sim.mode = 'libxl-header';
}
