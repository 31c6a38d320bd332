/** The production build as `npm start` serves it, on a port that the system chooses. */
import { serve, type Served } from '../.ci/serve.mjs';

/** Serves what was built. */
export const serveBuild = (): Promise<Served> => serve('dist/web', 0);
