/** Family, model and stepping. Source: Intel SDM vol. 2A (CPUID leaf 1), AMD APM vol. 3 app. E. */
import { bitsOf } from './leaf';

/** Family, model and stepping of a CPU. */
export interface Signature {
  readonly family: number;
  readonly model: number;
  readonly stepping: number;
}

/** Reads family, model and stepping from eax of leaf 1, the extended parts added in. */
export function signature(eax: number): Signature {
  const family = bitsOf(eax, 8, 4);
  const model = bitsOf(eax, 4, 4);
  return {
    family: family === 0xf ? family + bitsOf(eax, 20, 8) : family,
    model: family === 0x6 || family === 0xf ? model + (bitsOf(eax, 16, 4) << 4) : model,
    stepping: bitsOf(eax, 0, 4),
  };
}
