import { withHint } from '../../../core/lib/text.ts';
import type { BrokenSelector } from '../../../core/quality/broken-selectors.ts';
import type { Event, State, Step, SubscriptionOf } from '../../kernel/model.ts';
import { withNotice, withoutReasons } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { scrollToBroken } from './config-navigation.ts';
import { currentYaml, findDraft } from './config-state.ts';
import { setDraft } from './draft-steps.ts';
import { type ConfigEditor, hasSavedPage, type Repair } from './model.ts';
import { firstBroken, isRepairSearched, listRepairable, repairsOf, whyTakeNot } from './repair-state.ts';

/** Searches the page that the inspected run kept, or the live one, for what its broken selectors held. */
export function startRepair(state: State, isLive = false): Step {
  const { configs } = state;
  const { run } = configs.editor;
  if (run === null) return step(state);
  const repair: Repair = {
    id: configs.serial + 1,
    runId: run.runId,
    isLive,
    yaml: isLive ? findDraft(state, configs.editor.name)?.yaml : undefined,
    startedAt: state.now,
    outcome: 'searching',
    at: 0,
    isAwaited: false,
    writing: null,
  };
  const next = { ...state, configs: { ...configs, serial: repair.id } };
  return step(scrollToBroken(withEditor(next, { repair, sideTop: 0 })));
}

export function cancelRepair(state: State): Step {
  const { repair } = state.configs.editor;
  return step(repair === null ? state : withRepair(state, { ...repair, outcome: 'cancelled' }));
}

export function onRepairsFound(
  state: State,
  { id, outcome }: Extract<Event, { kind: 'repairs_found' }>,
): Step {
  const { repair } = state.configs.editor;
  if (repair?.id !== id || repair.outcome !== 'searching') return step(state);
  // A key that was refused during the search may work now.
  const ended = withoutReasons(withRepair(state, { ...repair, outcome, isAwaited: false }));
  const next = scrollToBroken(ended);
  return repair.isAwaited && whyTakeNot(next) === true ? takeProposal(next) : step(next);
}

export function skipBroken(state: State): State {
  const { repair } = state.configs.editor;
  const broken = repairsOf(state.configs.editor)?.broken ?? [];
  const [, next] = listRepairable(state).filter(({ isOpen }) => isOpen);
  return repair === null || next === undefined
    ? state
    : scrollToBroken(withRepair(state, { ...repair, at: broken.indexOf(next.broken) }));
}

/** Writes the proposal for the first broken selector into the shown text, once it is found. Nothing is saved. */
export function takeProposal(state: State): Step {
  const { repair } = state.configs.editor;
  if (repair !== null && isRepairSearched(state.configs.editor))
    return step(withoutReasons(withRepair(state, { ...repair, isAwaited: true })));
  const broken = firstBroken(state);
  return takeProposals(state, broken === undefined ? [] : [broken]);
}

/** Writes proposals into the shown text. Nothing is saved. */
export function takeProposals(state: State, all: readonly BrokenSelector[]): Step {
  const { editor, serial } = state.configs;
  const entries = all.flatMap(({ path, proposal }) =>
    path === null || proposal === undefined ? [] : [[path, proposal.value] as const],
  );
  if (editor.repair === null || entries.length === 0) return step(state);
  const changes = Object.fromEntries(entries);
  const writing = { id: serial + 1, yaml: currentYaml(state, editor.name), changes };
  const next = { ...state, configs: { ...state.configs, serial: writing.id } };
  return step(withRepair(next, { ...editor.repair, writing }));
}

/** Stores the written text as a draft, which is tried on the kept page if it was found there. */
export function onSelectorWritten(
  state: State,
  { id, outcome }: Extract<Event, { kind: 'selector_written' }>,
): Step {
  const { repair, name } = state.configs.editor;
  if (repair?.writing?.id !== id) return step(state);
  const written = withoutReasons(withRepair(state, { ...repair, writing: null }));
  if (!outcome.ok) {
    const { code, message, hint } = outcome.failure;
    const next = code === 'invalid_params' ? 'e edits the text.' : hint;
    return step(withNotice(written, 'bad', withHint(message, next)));
  }
  if (currentYaml(state, name) !== repair.writing.yaml)
    return step(withNotice(written, 'warning', 'The text has changed meanwhile: Enter takes it again.'));
  const { editor } = written.configs;
  // On the live page it was tried when it was found: another try is another request.
  const source = hasSavedPage(editor) && !repair.isLive ? 'kept' : 'live';
  return setDraft(withEditor(written, { source }), name, outcome.yaml);
}

export function repairSubscriptions({
  name,
  repair,
}: ConfigEditor): (SubscriptionOf<'repairs'> | SubscriptionOf<'write_selector'>)[] {
  if (repair === null) return [];
  const { id, runId, isLive, yaml, outcome, writing } = repair;
  return [
    ...(outcome === 'searching' ? [{ kind: 'repairs' as const, id, runId, isLive, yaml }] : []),
    ...(writing === null ? [] : [{ kind: 'write_selector' as const, name, ...writing }]),
  ];
}

function withRepair(state: State, repair: Repair): State {
  return withEditor(state, { repair });
}

function withEditor(state: State, changed: Partial<ConfigEditor>): State {
  return { ...state, configs: { ...state.configs, editor: { ...state.configs.editor, ...changed } } };
}
