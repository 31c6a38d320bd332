/** Symbols of the guest's kernel that are moved by hand, where their place was not found. */
import { reasonOf } from '../lib/reason';
import { notify } from './app';
import type { OpenFile } from './open-file';

/** Takes over what the kernel was moved by, in bytes, as the user says. A failure is told in a notice. */
export async function moveSymbols(file: OpenFile, slide: bigint): Promise<void> {
  try {
    file.symbols.amend(await file.request('slide', { slide }));
  } catch (error) {
    if (!file.isClosed) notify(`The symbols could not be moved: ${reasonOf(error)}`);
  }
}
