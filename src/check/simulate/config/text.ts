/** The text of an xl.cfg, in which Xen 4.4 and older saved the configuration. Source: tools/xl/xl_parse.c. */
import { isKind, type DomainConfig } from '../../kit/domain';

/** A setting has a line to itself, so no space of the pattern may run over the end of a line. */
const SETTING = /^[ \t]*(\w+)[ \t]*=[ \t]*["']?([^"'#;\n]*)/gmu;

/** Reads the settings that a restore hangs on; undefined where the text is no xl.cfg. */
export function parseTextConfig(raw: Uint8Array): DomainConfig | undefined {
  const text = new TextDecoder('utf-8').decode(raw);
  if (text.trimStart().startsWith('{')) return undefined;
  const settings = new Map(Array.from(text.matchAll(SETTING), (match) => [match[1], (match[2] ?? '').trim()]));
  const named = settings.get('type') ?? (settings.get('builder') === 'hvm' ? 'hvm' : 'pv');
  const vcpus = Number(settings.get('maxvcpus') ?? settings.get('vcpus') ?? 1);
  return {
    ...(isKind(named) ? { type: named, buildType: named } : {}),
    maxVcpus: Number.isInteger(vcpus) && vcpus > 0 ? vcpus : 1,
    hasPassthrough: settings.has('pci'),
    hasIo: settings.has('iomem') || settings.has('ioports'),
    nestedHvm: settings.get('nestedhvm') === '1',
  };
}
