/** xl: the header of the file and the configuration behind it. Source: tools/xl/xl_vmcontrol.c, create_domain(). */
import { TEXT_LIMIT } from '../../format/kit/decode';
import { parse } from '../../format/kit/parse';
import { LIBVIRT_HEADER, LIBVIRT_HEADER_SIZE } from '../../format/libvirt/header';
import { LIBXL_HEADER, LIBXL_HEADER_SIZE, LIBXL_IDENT } from '../../format/libxl/header';
import { LibxlType } from '../../format/libxl/types';
import { XL_CONFIG, XL_HEADER, XL_HEADER_SIZE, XlFlag } from '../../format/xl/header';
import { hasEmulatedPc } from '../../scan/guest-kind';
import type { Reading } from '../../scan/reader';
import { isLibvirt, LIBVIRT_RULES } from '../rules/libvirt';
import { CONFIG_RULES } from '../rules/xl/lost-config';
import { XL_CONFIG_RULES } from '../rules/xl/config';
import { CONFIG_LENGTH_SIZE, XL_HEADER_RULES, type XlFile } from '../rules/xl/header';
import type { Simulation } from './simulation';
import { assumedConfig, parseJsonConfig, parseTextConfig } from './config';

/** Where the text of the configuration starts in the file. */
const CONFIG_START = XL_HEADER_SIZE + CONFIG_LENGTH_SIZE;

/** Plays through create_domain() up to where libxl takes over: the header and the configuration. */
export function* readXl(sim: Simulation): Reading<void> {
  const raw = yield* sim.read(0, CONFIG_START);
  const header = parse(XL_HEADER, raw);
  const { optional_data_len: optionalLength } = header;
  const hasLength = optionalLength >= CONFIG_LENGTH_SIZE;
  const file: XlFile = {
    ...header,
    fileName: sim.fileName,
    size: sim.reader.size,
    configLength: hasLength ? parse(XL_CONFIG.fields.config_len, raw, true, XL_HEADER_SIZE) : 0,
    container: sim.scan.image.container,
  };
  const place = { offset: 0, length: Math.min(XL_HEADER_SIZE, sim.reader.size) };
  if (isLibvirt(file.magic)) yield* readLibvirt(sim);
  const stops = sim.apply(XL_HEADER_RULES, file, place);
  if (!stops) yield* readConfig(sim, file);
  sim.config ??= assume(sim);
  if (stops && (optionalLength > sim.reader.size || sim.scan.image.container !== 'xl')) {
    sim.resync(-1);
    return;
  }
  sim.position = XL_HEADER_SIZE + optionalLength;
  sim.mode = 'libxl-header';
}

/** libvirt's own header, which says of what version the stream behind its XML is. */
function* readLibvirt(sim: Simulation): Reading<void> {
  const { size } = sim.reader;
  const header = parse(LIBVIRT_HEADER, yield* sim.read(0, LIBVIRT_HEADER_SIZE));
  const stream = yield* sim.read(LIBVIRT_HEADER_SIZE + header.xmlLen, LIBXL_HEADER_SIZE);
  const hasLibxl = parse(LIBXL_HEADER, stream).ident === LIBXL_IDENT;
  const place = { offset: 0, length: Math.min(LIBVIRT_HEADER_SIZE, size) };
  sim.apply(LIBVIRT_RULES, { ...header, size, hasLibxl }, place);
}

function* readConfig(sim: Simulation, file: XlFile): Reading<void> {
  const raw = yield* sim.read(CONFIG_START, Math.min(file.configLength, TEXT_LIMIT));
  const json = (file.mandatory_flags & XlFlag.JSON) !== 0;
  const nul = raw.indexOf(0);
  const text = nul < 0 ? raw : raw.subarray(0, nul);
  const { parsed, config } = json ? parseJsonConfig(text) : parseTextConfig(text);
  const subject = { json, parsed, closed: nul >= 0, config };
  const stops = sim.apply(XL_CONFIG_RULES, subject, { offset: CONFIG_START, length: file.configLength });
  if (stops || config.type === undefined) return;
  sim.config = config;
  sim.apply(CONFIG_RULES, config, { offset: CONFIG_START, length: file.configLength });
  const about = [`a ${config.type.toUpperCase()} domain`, `${config.maxVcpus} vCPU${config.maxVcpus === 1 ? '' : 's'}`];
  if (config.maxMemory !== undefined) about.push(`${Math.round(config.maxMemory / 1024)} MiB`);
  sim.fact(about.join(', '));
}

/** A configuration made up from what the stream itself says. */
function assume(sim: Simulation) {
  const { image, records } = sim.scan;
  const hasEmulator = Array.from({ length: Math.min(records.count, 4096) }, (_, at) => records.count - 1 - at).some(
    (index) => records.layerAt(index) === 'libxl' && records.typeAt(index) === LibxlType.EMULATOR_CONTEXT,
  );
  return assumedConfig(image.domainType, !hasEmulatedPc(image) && !hasEmulator);
}
