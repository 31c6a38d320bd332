/** xl: the header of the file and the configuration behind it. Source: tools/xl/xl_vmcontrol.c, create_domain(). */
import { TEXT_LIMIT } from '../../format/kit/decode';
import { parse } from '../../format/kit/parse';
import { XL_CONFIG, XL_HEADER, XL_HEADER_SIZE, XlFlag } from '../../format/xl/header';
import type { Reading } from '../../scan/reader';
import { CONFIG_RULES } from '../rules/xl/lost-config';
import { BEFORE_STREAM_RULES } from '../rules/libxl/domain';
import type { Span } from '../../lib/range';
import type { DomainConfig } from '../kit/domain';
import { XL_CONFIG_RULES, XL_TEXT_RULES } from '../rules/xl/config';
import { CONFIG_LENGTH_SIZE, XL_HEADER_RULES, type XlFile } from '../rules/xl/header';
import { assumedDomain } from './config/assumed';
import type { Simulation } from './simulation';
import { configOf, newDomain, parseJsonConfig } from './config/saved';
import { parseTextConfig } from './config/text';

/** Where the text of the configuration starts in the file. */
const CONFIG_START = XL_HEADER_SIZE + CONFIG_LENGTH_SIZE;

/** Plays through create_domain() up to where libxl takes over: the header and the configuration. */
export function* readXl(sim: Simulation): Reading<void> {
  sim.enter('file');
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
  const stops = sim.apply(XL_HEADER_RULES, file, place);
  if (!stops) yield* readConfig(sim, file);
  sim.config ??= assumedDomain(sim);
  if (stops && (optionalLength > sim.reader.size || sim.scan.image.container !== 'xl')) {
    sim.resync(-1);
    return;
  }
  sim.position = XL_HEADER_SIZE + optionalLength;
  sim.mode = 'libxl-header';
}

function* readConfig(sim: Simulation, file: XlFile): Reading<void> {
  const place = { offset: CONFIG_START, length: file.configLength };
  const raw = yield* sim.read(CONFIG_START, Math.min(file.configLength, TEXT_LIMIT));
  const json = (file.mandatory_flags & XlFlag.JSON) !== 0;
  const nul = raw.indexOf(0);
  if (nul < 0 && file.configLength > TEXT_LIMIT) {
    sim.cannotTell('the configuration is longer than 1 MiB, which is more than is read of it');
    return;
  }
  const text = nul < 0 ? raw : raw.subarray(0, nul);
  const config = json ? undefined : parseTextConfig(text);
  if (sim.apply(XL_TEXT_RULES, { json, closed: nul >= 0, parsed: json || config !== undefined }, place)) return;
  const built = json ? createDomain(sim, text, place) : config;
  if (built?.type === undefined) return;
  sim.config = built;
  sim.apply(CONFIG_RULES, built, place);
  const about = [
    `${built.type === 'hvm' ? 'an' : 'a'} ${built.type.toUpperCase()} domain`,
    `${built.maxVcpus} vCPU${built.maxVcpus === 1 ? '' : 's'}`,
  ];
  if (built.maxMemory !== undefined) about.push(`${Math.round(built.maxMemory / 1024)} MiB`);
  sim.fact(about.join(', '));
}

/** Plays through the creation of the domain up to where libxl opens the stream; undefined where that ends it. */
function createDomain(sim: Simulation, text: Uint8Array, place: Span): DomainConfig | undefined {
  const { xen } = sim;
  const read = parseJsonConfig(text, xen);
  const domain = newDomain(read.taken, xen);
  if (sim.apply(XL_CONFIG_RULES, { ...read, xen, hasType: domain !== undefined }, place) || !domain) return undefined;
  sim.newDomain = { domain, place };
  sim.apply(BEFORE_STREAM_RULES, domain, place);
  return configOf(domain);
}
