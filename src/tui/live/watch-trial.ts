import { callOperation } from '../../core/operations/call-operation.ts';
import type { WatchOf } from '../state/watch.ts';
import { failureOf } from './failure.ts';
import type { StopWatch } from './keep-watches.ts';
import type { Surroundings } from './surroundings.ts';

/** Tries a configuration as long as somebody waits for it; after that its process is ended. */
export function watchTrial({ id, params }: WatchOf<'trial'>, { workspace, send }: Surroundings): StopWatch {
  const calledOff = new AbortController();
  const { signal } = calledOff;
  callOperation(workspace, 'test_config', params, { signal }).then(
    (output) => {
      if (!signal.aborted) send({ kind: 'trial_ended', id, outcome: { ok: true, output } });
    },
    (error: unknown) => {
      if (!signal.aborted)
        send({ kind: 'trial_ended', id, outcome: { ok: false, failure: failureOf(error) } });
    },
  );
  return () => calledOff.abort();
}
