import type { EffectContext, Unsubscribe } from '../effect-context.ts';
import { LiveHome } from './live-home.ts';

/** Reads the home and reports all changes in it. The first frame does not wait for this. */
export function watchHome(context: EffectContext): Unsubscribe {
  const { workspace, send, fail } = context;
  let live: LiveHome | undefined;
  const reading = setImmediate(() => {
    try {
      live = new LiveHome(workspace, send);
      context.live = live;
      send({ kind: 'home', data: live.data, changed: [], activity: [] });
      live.start().catch(fail);
    } catch (error) {
      fail(error);
    }
  });
  return async () => {
    clearImmediate(reading);
    context.live = undefined;
    await live?.close();
  };
}
