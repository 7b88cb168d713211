import { countWords } from '../../core/count-words.ts';
import { type Batches, unfinished } from './batches.ts';

/** What to say after the dashboard was left of the batches that were broken off, a line each. */
export function leftUndone(batches: Batches): string[] {
  return unfinished(batches).map(({ title, past, steps, done, refused }) => {
    const left = steps.length - done - refused;
    const refusals = refused === 0 ? '' : `, ${refused} refused`;
    const others = left === 1 ? 'the other one was not' : `the other ${left} were not`;
    return `${title}: ${countWords(done, 'job')} ${past}${refusals}; ${others}.`;
  });
}
