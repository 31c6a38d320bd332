/** xl: the header of the file and the configuration behind it. Source: tools/xl/xl_vmcontrol.c, create_domain(). */
import { readU32, readU64 } from '../../format/kit/bytes';
import { TEXT_LIMIT } from '../../format/kit/decode';
import { LIBVIRT_HEADER_SIZE } from '../../format/libvirt/header';
import { LIBXL_IDENT } from '../../format/libxl/header';
import { LibxlType } from '../../format/libxl/types';
import { HvmType } from '../../format/hvm/types';
import { XL_HEADER_SIZE, XlFlag } from '../../format/xl/header';
import type { Reading } from '../../scan/reader';
import { isLibvirt, LIBVIRT_RULES } from '../rules/libvirt';
import { CONFIG_RULES } from '../rules/xl/lost-config';
import { XL_CONFIG_RULES } from '../rules/xl/config';
import { XL_HEADER_RULES, type XlFile } from '../rules/xl/header';
import type { Simulation } from './simulation';
import { assumedConfig, parseJsonConfig, parseTextConfig } from './config';

export function* readXl(sim: Simulation): Reading<void> {
  const raw = yield* sim.read(0, XL_HEADER_SIZE + 4);
  const word = (at: number): number => readU32(raw, at, true);
  const optionalLength = word(44);
  const file: XlFile = {
    fileName: sim.fileName,
    size: sim.reader.size,
    magic: String.fromCharCode(...raw.subarray(0, 32)),
    byteorder: word(32),
    flags: word(36),
    optionalFlags: word(40),
    optionalLength,
    configLength: optionalLength >= 4 ? word(XL_HEADER_SIZE) : 0,
    container: sim.scan.image.container ?? '',
  };
  const place = { offset: 0, length: Math.min(XL_HEADER_SIZE, sim.reader.size) };
  if (isLibvirt(file.magic)) yield* readLibvirt(sim, file.magic.slice(0, 16), word(16), word(20));
  const stops = sim.apply(XL_HEADER_RULES, file, place);
  if (!stops) yield* readConfig(sim, file);
  sim.config ??= assume(sim);
  if (stops && (file.optionalLength > sim.reader.size || sim.scan.image.container !== 'xl')) {
    sim.resync(-1);
    return;
  }
  sim.position = XL_HEADER_SIZE + optionalLength;
  sim.mode = 'libxl-header';
}

/** libvirt's own header, which says of what version the stream behind its XML is. */
function* readLibvirt(sim: Simulation, magic: string, version: number, xmlLength: number): Reading<void> {
  const { size } = sim.reader;
  const ident = yield* sim.read(LIBVIRT_HEADER_SIZE + xmlLength, 8);
  const hasLibxl = ident.length === 8 && readU64(ident, 0, false) === LIBXL_IDENT;
  sim.apply(
    LIBVIRT_RULES,
    { size, magic, version, xmlLength, hasLibxl },
    { offset: 0, length: Math.min(LIBVIRT_HEADER_SIZE, size) },
  );
}

function* readConfig(sim: Simulation, file: XlFile): Reading<void> {
  const start = XL_HEADER_SIZE + 4;
  const raw = yield* sim.read(start, Math.min(file.configLength, TEXT_LIMIT));
  const json = (file.flags & XlFlag.JSON) !== 0;
  const nul = raw.indexOf(0);
  const text = nul < 0 ? raw : raw.subarray(0, nul);
  const { parsed, config } = json ? parseJsonConfig(text) : parseTextConfig(text);
  const subject = { json, parsed, closed: nul >= 0, config };
  const stops = sim.apply(XL_CONFIG_RULES, subject, { offset: start, length: file.configLength });
  if (stops || config.type === undefined) return;
  sim.config = config;
  sim.apply(CONFIG_RULES, config, { offset: start, length: file.configLength });
  const about = [`a ${config.type.toUpperCase()} domain`, `${config.maxVcpus} VCPU${config.maxVcpus === 1 ? '' : 's'}`];
  if (config.maxMemory !== undefined) about.push(`${Math.round(config.maxMemory / 1024)} MiB`);
  sim.fact(about.join(', '));
}

/** A configuration made up from what the stream itself says. */
function assume(sim: Simulation) {
  const { image, records } = sim.scan;
  const hasPic = image.context.some(({ typecode }) => typecode === HvmType.PIC);
  const hasEmulator = Array.from({ length: Math.min(records.count, 4096) }, (_, at) => records.count - 1 - at).some(
    (index) => records.layerAt(index) === 'libxl' && records.typeAt(index) === LibxlType.EMULATOR_CONTEXT,
  );
  return assumedConfig(image.domainType, !hasPic && !hasEmulator);
}
