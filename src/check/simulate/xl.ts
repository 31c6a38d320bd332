/** xl: the header of the file and the configuration behind it. Source: tools/xl/xl_vmcontrol.c, create_domain(). */
import { TEXT_LIMIT } from '../../format/kit/decode';
import { parse } from '../../format/kit/parse';
import { XL_CONFIG, XL_HEADER, XL_HEADER_SIZE, XlFlag } from '../../format/xl/header';
import type { Reading } from '../../scan/reader';
import { CONFIG_RULES } from '../rules/xl/lost-config';
import { XL_CONFIG_RULES } from '../rules/xl/config';
import { CONFIG_LENGTH_SIZE, XL_HEADER_RULES, type XlFile } from '../rules/xl/header';
import { assumedDomain } from './assumed-domain';
import type { Simulation } from './simulation';
import { parseJsonConfig, parseTextConfig } from './config';

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
  const about = [
    `${config.type === 'hvm' ? 'an' : 'a'} ${config.type.toUpperCase()} domain`,
    `${config.maxVcpus} vCPU${config.maxVcpus === 1 ? '' : 's'}`,
  ];
  if (config.maxMemory !== undefined) about.push(`${Math.round(config.maxMemory / 1024)} MiB`);
  sim.fact(about.join(', '));
}
