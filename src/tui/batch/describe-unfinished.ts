import { pluralize } from '../../core/lib/pluralize.ts';
import { type Batches, unfinishedBatches } from './batches.ts';

/** What to say after the dashboard was left of the batches that were broken off, a line each. */
export function describeUnfinishedBatches(batches: Batches): string[] {
  return unfinishedBatches(batches).map(({ title, past, steps, done, refused }) => {
    const left = steps.length - done - refused;
    const refusals = refused === 0 ? '' : `, ${refused} refused`;
    const others = left === 1 ? 'the other one was not' : `the other ${left} were not`;
    return `${title}: ${pluralize(done, 'job')} ${past}${refusals}; ${others}.`;
  });
}
