/** What else can be taken out of an image before it is shared. What of a body that is, its judge in `format/sharing` says. */
import type { Secret } from '../../../format/sharing/judge';

export type Scrub = Secret;
export const SCRUBS = ['registers', 'config'] as const satisfies readonly Scrub[];
