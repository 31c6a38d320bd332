/** Rights in letters and words. */
import type { Rights } from './rights';

/** Writes rights as `rwx` or `r-x`: what is mapped can be read. */
export const rightsLetters = ({ write, execute }: Rights): string => `r${write ? 'w' : '-'}${execute ? 'x' : '-'}`;

/** Tells in a word who may use what is mapped. */
export const rightsOwner = ({ user }: Rights): string => (user ? 'user' : 'kernel');

/** Writes rights in words: `read-only, kernel only, executable`. */
export function rightsWords({ write, user, execute, global }: Rights): string {
  return [
    write ? 'writable' : 'read-only',
    user ? 'user' : 'kernel only',
    execute ? 'executable' : 'not executable',
    ...(global ? ['global'] : []),
  ].join(', ');
}
