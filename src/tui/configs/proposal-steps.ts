import { skeletonFor } from '../../core/config/skeleton.ts';
import type { Event } from '../state/event.ts';
import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { andThen, type Step, step } from '../state/step.ts';
import type { WatchOf } from '../state/watch.ts';
import { withHint } from '../text/sentence.ts';
import type { Bench } from './bench.ts';
import { draftOf } from './configs-state.ts';
import { checkDraft } from './draft-steps.ts';
import { openBench } from './open-bench.ts';
import { startTrial } from './trial-steps.ts';

/** Opens a first draft for an address, and looks on its page for what could be taken from it. */
export function startProposal(state: State, url: string, name: string): Step {
  const drafted = checkDraft(state, name, { yaml: skeletonFor(url, name), base: null });
  const draftId = draftOf(drafted.state, name)?.id ?? 0;
  return andThen(
    andThen(drafted, (next) => openBench(next, name, null)),
    (next) => {
      const { configs } = next;
      const proposal = { id: configs.serial + 1, draftId, url, startedAt: state.now };
      const bench = { ...configs.bench, proposal };
      return step({ ...next, configs: { ...configs, serial: proposal.id, bench } });
    },
  );
}

/** Puts what was found into the draft, as long as nobody has edited it, and tries it on the page. */
export function endProposal(state: State, { id, outcome }: Extract<Event, { kind: 'proposed' }>): Step {
  const { bench } = state.configs;
  const { name, proposal } = bench;
  if (proposal?.id !== id) return step(state);
  const over = { ...state, configs: { ...state.configs, bench: { ...bench, proposal: null } } };
  if (!outcome.ok) {
    const { message, hint } = outcome.failure;
    return step(withNotice(over, 'bad', withHint(message, hint)));
  }
  if (draftOf(over, name)?.id !== proposal.draftId) return step(over);
  const yaml = skeletonFor(proposal.url, name, outcome.found);
  return andThen(checkDraft(over, name, { yaml, base: null }), startTrial);
}

export function callProposalOff(state: State): Step {
  const { bench } = state.configs;
  return step({ ...state, configs: { ...state.configs, bench: { ...bench, proposal: null } } });
}

export function proposalWatch({ name, proposal }: Bench): WatchOf<'proposal'> | undefined {
  return proposal === null ? undefined : { kind: 'proposal', id: proposal.id, url: proposal.url, name };
}
