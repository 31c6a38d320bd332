/** Where an export goes. */
import type { Sink } from '../../memory/export/write';
import { CliError } from '../error';
import { systemReason } from '../system-reason';

export interface ExportSink extends Sink {
  /** What is left of an export that came to nothing, in words. */
  remains(): string;
}

/** Returns what `act` does; an error of the system becomes a `CliError` that names the file. */
export async function attempt<T>(name: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${name}: ${systemReason(error)}`);
  }
}
