import type { WatchOf } from '../state/watch.ts';
import { failureOf } from './failure.ts';
import type { StopWatch } from './keep-watches.ts';
import type { Surroundings } from './surroundings.ts';
import { TrashReader } from './trash-reader.ts';

/** So often is looked whether something was deleted or brought back, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** Tells what lies in the trash, and again when that is something else. */
export function watchTrash(_: WatchOf<'trash'>, { workspace, send }: Surroundings): StopWatch {
  const reader = new TrashReader(workspace);
  let problem = '';
  const look = () => {
    try {
      const rows = reader.read();
      problem = '';
      if (rows !== undefined) send({ kind: 'trash', rows });
    } catch (error) {
      const { message } = failureOf(error);
      // Once, and not with every look.
      if (message !== problem) send({ kind: 'said', tone: 'bad', text: message });
      problem = message;
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  const first = setImmediate(look);
  return () => {
    clearInterval(timer);
    clearImmediate(first);
  };
}
