import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { andThen, type Step, step } from '../state/step.ts';
import { currentView } from '../state/view.ts';
import { hasKeptPage, isTrying } from './bench.ts';
import type { ConfigRow } from './config-row.ts';
import { configTag } from './config-tags.ts';
import { changedMeanwhile, configOf, draftOf, shownYaml } from './configs-state.ts';
import { type Draft, withDraft, withoutDraft } from './draft.ts';
import { mergeTexts } from './merge-texts.ts';
import { startTrial } from './trial-steps.ts';

/** Opens the text in the editor: the draft, else a copy of what is saved. */
export function editConfig(state: State, name: string): Step {
  const effect = {
    kind: 'edit_text',
    text: shownYaml(state, name),
    fileName: `${name}.yaml`,
    tag: configTag({ what: 'edit', name }),
  } as const;
  return step(state, effect);
}

/** Takes a text that was edited as a draft, has it checked, and tries it on the page that a run kept, if one did. */
export function putDraft(state: State, name: string, yaml: string): Step {
  const old = draftOf(state, name);
  const base = old === undefined ? baseOf(configOf(state, name)) : old.base;
  if (yaml === base?.yaml && configOf(state, name) !== undefined) {
    const next = {
      ...state,
      configs: { ...state.configs, drafts: withoutDraft(state.configs.drafts, name) },
    };
    return step(withNotice(next, 'info', `${name} is as it is saved.`));
  }
  if (yaml === old?.yaml) return step(state);
  const { bench } = state.configs;
  const checked = checkDraft(state, name, { yaml, base });
  const isTried = bench.name === name && hasKeptPage(bench) && bench.place === 'kept';
  return isTried ? andThen(checked, startTrial) : checked;
}

/** Stores the draft over the text that it was made from. */
export function saveDraft(state: State, name: string): Step {
  const draft = draftOf(state, name);
  if (draft === undefined) return step(state);
  const { drafts } = state.configs;
  const saving = { ...draft, isSaving: true };
  return step(
    { ...state, configs: { ...state.configs, drafts: withDraft(drafts, name, saving) } },
    {
      kind: 'call',
      name: 'save_config',
      params: {
        config_name: name,
        yaml: draft.yaml,
        // One that somebody has deleted meanwhile is made anew.
        ...(draft.base !== null && configOf(state, name) && { if_revision: draft.base.revision }),
      },
      tag: configTag({ what: 'save', name, draft: draft.id }),
      done: `${name} is saved.`,
    },
  );
}

/** Puts a draft aside; what was thrown away last can be taken back. */
export function throwDraftAway(state: State, name: string): Step {
  const draft = draftOf(state, name);
  if (draft === undefined) return step(state);
  const drafts = withoutDraft(state.configs.drafts, name);
  const next = { ...state, configs: { ...state.configs, drafts, thrown: { name, draft } } };
  return step(withNotice(next, 'info', 'What was not saved is thrown away; x brings it back.'));
}

export function takeDraftBack(state: State, name: string): Step {
  const { thrown, drafts } = state.configs;
  if (thrown?.name !== name) return step(state);
  return step({
    ...state,
    configs: { ...state.configs, thrown: null, drafts: withDraft(drafts, name, thrown.draft) },
  });
}

/** Takes what others have saved meanwhile into the draft; where both changed the same lines, it holds both. */
export function mergeDraft(state: State, name: string): Step {
  const draft = draftOf(state, name);
  const row = changedMeanwhile(state, name);
  if (draft === undefined || row === undefined) return step(state);
  const { text, overlaps } = mergeTexts(draft.base?.yaml ?? '', draft.yaml, row.yaml);
  const checked = checkDraft(state, name, { yaml: text, base: baseOf(row) });
  const [tone, words] =
    overlaps === 0
      ? (['good', 'Both changes are in it now; Ctrl-S saves it.'] as const)
      : (['warning', `${overlaps} of the changes overlap: both stand between marks; e edits them.`] as const);
  return { ...checked, state: withNotice(checked.state, tone, words) };
}

/** When somebody has deleted the configuration that is open, its text is kept as a draft: it may be nowhere else. */
export function keepDeleted(before: State, state: State): Step {
  const { bench } = state.configs;
  const { name } = bench;
  const row = configOf(before, name);
  if (configOf(state, name) !== undefined) return step(withoutKept(state, name));
  if (currentView(state).name !== 'config' || row === undefined) return step(state);
  const goesOn = isTrying(bench) ? ' The test goes on with it.' : '';
  const words = `${name} was deleted while it is open here.`;
  if (state.readOnly) return step(withNotice(state, 'warning', words + goesOn.replace('it.', 'its text.')));
  const kept = `${words} Its text is kept: Ctrl-S saves it anew, x throws it away.${goesOn}`;
  const told = withNotice(state, 'warning', kept);
  const isKept = draftOf(state, name) !== undefined || row.revision === null;
  return isKept ? step(told) : checkDraft(told, name, { yaml: row.yaml, base: baseOf(row) });
}

/** It is there again: nobody has edited the text that was kept meanwhile. */
function withoutKept(state: State, name: string): State {
  const { configs } = state;
  const draft = draftOf(state, name);
  if (draft === undefined || draft.isSaving || draft.yaml !== draft.base?.yaml) return state;
  return { ...state, configs: { ...configs, drafts: withoutDraft(configs.drafts, name) } };
}

/** A draft with this text, which is being checked. */
export function checkDraft(state: State, name: string, { yaml, base }: Pick<Draft, 'yaml' | 'base'>): Step {
  const { configs } = state;
  const id = configs.serial + 1;
  const draft: Draft = { id, yaml, base, check: null, isSaving: false };
  return step(
    { ...state, configs: { ...configs, serial: id, drafts: withDraft(configs.drafts, name, draft) } },
    {
      kind: 'call',
      name: 'save_config',
      params: { config_name: name, yaml, dry_run: true },
      tag: configTag({ what: 'check', name, draft: id }),
      quiet: true,
    },
  );
}

function baseOf(row: ConfigRow | undefined): Draft['base'] {
  if (row === undefined || row.revision === null) return null;
  return { yaml: row.yaml, revision: row.revision };
}
