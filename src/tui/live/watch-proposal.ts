import type { WatchOf } from '../state/watch.ts';
import { failureOf } from './failure.ts';
import type { StopWatch } from './keep-watches.ts';
import type { Surroundings } from './surroundings.ts';

/** Looks on a page for what could be taken from it, as long as somebody waits for it. */
export function watchProposal({ id, url, name }: WatchOf<'proposal'>, surroundings: Surroundings): StopWatch {
  const { workspace, send } = surroundings;
  const calledOff = new AbortController();
  const { signal } = calledOff;
  const look = async () => {
    const { proposeSelectors } = await import('../../core/config/ask-scraper.ts');
    return proposeSelectors({ url, name, home: workspace.paths.home }, { signal });
  };
  look().then(
    (found) => {
      if (!signal.aborted) send({ kind: 'proposed', id, outcome: { ok: true, found } });
    },
    (error: unknown) => {
      if (!signal.aborted) send({ kind: 'proposed', id, outcome: { ok: false, failure: failureOf(error) } });
    },
  );
  return () => calledOff.abort();
}
