/** The symbols of the guest's kernel, where their place was not found: moved by hand. */
import { reasonOf } from '../lib/reason';
import { notify } from './app';
import type { OpenFile } from './open-file';

/** Says what the kernel was moved by. */
export async function moveSymbols(file: OpenFile, slide: bigint): Promise<void> {
  try {
    file.symbols.amend(await file.request('slide', { slide }));
  } catch (error) {
    notify(`The symbols could not be moved: ${reasonOf(error)}`);
  }
}
