import type { StopWatch } from './keep-watches.ts';
import { LiveHome } from './live-home.ts';
import type { Surroundings } from './surroundings.ts';

/** Reads the home and tells of all that changes in it. The first frame does not wait for that. */
export function watchHome(surroundings: Surroundings): StopWatch {
  const { workspace, send, fail } = surroundings;
  let live: LiveHome | undefined;
  const reading = setImmediate(() => {
    try {
      live = new LiveHome(workspace, send);
      surroundings.live = live;
      send({ kind: 'home', data: live.data, changed: [], happened: [] });
      live.start().catch(fail);
    } catch (error) {
      fail(error);
    }
  });
  return async () => {
    clearImmediate(reading);
    surroundings.live = undefined;
    await live?.close();
  };
}
