import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import type { WatchOf } from '../state/watch.ts';
import { type Bench, hasKeptPage, isTrying, type Trial } from './bench.ts';
import { atSideWhenSingle } from './bench-scroll.ts';
import { shownYaml } from './configs-state.ts';

/** Rows and pages of a trial. */
const SAMPLE_ITEMS = 10;
const MOST_PAGES = 1;

/** Tries the text that is shown, on the site or on the kept page, whatever is chosen. */
export function startTrial(state: State): Step {
  const { configs } = state;
  const { bench } = configs;
  const isKept = bench.place === 'kept' && hasKeptPage(bench);
  const trial: Trial = {
    id: configs.serial + 1,
    yaml: shownYaml(state, bench.name),
    place: isKept ? 'kept' : 'live',
    runId: isKept ? (bench.run?.runId ?? null) : null,
    startedAt: state.now,
    outcome: 'under_way',
  };
  // A run that is over has been seen.
  const again = bench.again?.runId === bench.run?.runId ? null : bench.again;
  return step({
    ...atSideWhenSingle(state),
    configs: { ...configs, serial: trial.id, bench: { ...bench, trial, again, sideTop: 0 } },
  });
}

export function callTrialOff(state: State): Step {
  const { bench } = state.configs;
  if (bench.trial === null || !isTrying(bench)) return step(state);
  const trial: Trial = { ...bench.trial, outcome: 'called_off' };
  return step({ ...state, configs: { ...state.configs, bench: { ...bench, trial } } });
}

/** What is to be tried now: it goes on as long as somebody waits for it. */
export function trialWatch({ name, trial }: Bench): WatchOf<'trial'> | undefined {
  if (trial === null || trial.outcome !== 'under_way') return undefined;
  return {
    kind: 'trial',
    id: trial.id,
    params: {
      config_name: name,
      yaml: trial.yaml,
      ...(trial.runId !== null && { run_id: trial.runId }),
      max_pages: MOST_PAGES,
      sample_items: SAMPLE_ITEMS,
    },
  };
}
