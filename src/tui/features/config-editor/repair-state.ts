import { isDeepStrictEqual } from 'node:util';
import type { RunRepairs } from '../../../core/diagnostics/runs/find-repairs.ts';
import { isRecord } from '../../../core/lib/json.ts';
import type { BrokenSelector } from '../../../core/quality/broken-selectors.ts';
import type { State } from '../../kernel/model.ts';
import { currentYaml, findConfig, findDraft } from './config-state.ts';
import type { ConfigEditor, InspectedRun } from './model.ts';
import { parseTree } from './summary.ts';

export function isRepairSearched({ repair }: ConfigEditor): boolean {
  return repair?.outcome === 'searching';
}

/** What the repair has found; undefined while it is searching, and without one. */
export function repairsOf({ repair }: ConfigEditor): RunRepairs | undefined {
  return typeof repair?.outcome === 'object' && repair.outcome.ok ? repair.outcome.found : undefined;
}

/** A broken selector, and whether the shown text still has it. */
export interface Repairable {
  broken: BrokenSelector;
  isOpen: boolean;
}

/** The broken selectors: those that are still in the text first, from the chosen one on. */
export function listRepairable(state: State): readonly Repairable[] {
  const { editor } = state.configs;
  const all = (repairsOf(editor)?.broken ?? []).map((broken) => ({
    broken,
    isOpen: isInText(state, broken),
  }));
  const at = editor.repair?.at ?? 0;
  const ordered = [...all.slice(at), ...all.slice(0, at)];
  return [...ordered.filter(({ isOpen }) => isOpen), ...all.filter(({ isOpen }) => !isOpen)];
}

/** The broken selector that is the next to repair. */
export function firstBroken(state: State): BrokenSelector | undefined {
  return listRepairable(state).find(({ isOpen }) => isOpen)?.broken;
}

/** What a run tells of a selector. */
export type SelectorFinding = NonNullable<InspectedRun['output']>['selectors'][number];

/** Whether a selector matched nothing, and is not known to do so in good runs. */
export function isBrokenFinding({ matched, usual, stopped }: SelectorFinding): boolean {
  return stopped || (matched === 0 && usual !== 0);
}

/**
 * The selectors to mark in the text, the next to repair first: those that the repair found, and before that those which
 * matched nothing in the run. Without rows no field can match: then `item` alone is broken.
 */
export function markedSelectors(state: State): readonly Pick<BrokenSelector, 'field' | 'selector'>[] {
  const { editor } = state.configs;
  if (repairsOf(editor) !== undefined)
    return listRepairable(state).flatMap(({ broken, isOpen }) => (isOpen ? [broken] : []));
  const broken = (editor.run?.output?.selectors ?? []).filter(isBrokenFinding);
  const item = broken.find(({ part }) => part === 'item');
  return item === undefined ? broken : [item];
}

/** The broken selectors of the shown text that have a proposal. */
export function listProposed(state: State): readonly BrokenSelector[] {
  return listRepairable(state).flatMap(({ broken, isOpen }) =>
    isOpen && broken.path !== null && broken.proposal !== undefined ? [broken] : [],
  );
}

/** Whether broken selectors were found, and none is left in the text. */
export function isRepaired(state: State): boolean {
  const all = listRepairable(state);
  return all.length > 0 && all.every(({ isOpen }) => !isOpen);
}

/** Whether a proposal is being written into the text. */
export function isWriting({ configs: { editor } }: State): boolean {
  return editor.repair !== null && editor.repair.writing !== null;
}

/** Whether nothing can be proposed from what the run kept: no page, or another one than that of the rows. */
export function needsLivePage({ configs: { editor } }: State): boolean {
  const found = repairsOf(editor);
  return found !== undefined && (found.page === 'none' || (found.page === 'kept' && found.isOtherPage));
}

/** The first address of the shown text, as it is written; undefined where it has none. */
export function firstAddress(state: State): string | undefined {
  const tree = treeOf(currentYaml(state, state.configs.editor.name));
  if (!isRecord(tree)) return undefined;
  const { url, urls } = tree;
  const first = typeof url === 'string' ? url : Array.isArray(urls) ? urls[0] : undefined;
  return typeof first === 'string' ? toLine(first) : undefined;
}

/** Why the first proposal cannot be taken; true if it can. */
export function whyTakeNot(state: State): true | string {
  const { editor } = state.configs;
  if (editor.repair === null) return 'There is no proposal: R looks for broken selectors.';
  if (isRepairSearched(editor)) return editor.repair.isAwaited ? 'It is taken when it is found.' : true;
  if (isWriting(state)) return 'The one before is being written.';
  const broken = firstBroken(state);
  if (broken === undefined)
    return needsLivePage(state)
      ? 'No selector is known to be broken: f looks on the live page.'
      : 'There is no broken selector in this text.';
  if (broken.proposal === undefined || broken.path === null)
    return `There is no proposal for ${broken.field}: e edits the text.`;
  return currentYaml(state, editor.name) === '' ? 'Its text is still being read.' : true;
}

/** Whether the shown text, as far as it is read, has a selector that the run found broken. */
function isInText(state: State, { path, selector, proposal }: BrokenSelector): boolean {
  const { name } = state.configs.editor;
  if (path === null || (findDraft(state, name) === undefined && !findConfig(state, name))) return true;
  const written = writtenAt(treeOf(currentYaml(state, name)), path);
  const own = isRecord(written) ? written['selector'] : written;
  if (typeof own !== 'string' || toLine(own) !== toLine(selector)) return false;
  const value = proposal?.value;
  // The proposal may be another attribute of the same element.
  return !(
    isRecord(value) &&
    isRecord(written) &&
    isDeepStrictEqual(value['attribute'], written['attribute'])
  );
}

function toLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

let lastTree: { yaml: string; tree: unknown } | undefined;

function treeOf(yaml: string): unknown {
  if (lastTree?.yaml !== yaml) lastTree = { yaml, tree: parseTree(yaml) };
  return lastTree.tree;
}

/** The value at a key of a configuration. Names of fields may have dots. */
function writtenAt(tree: unknown, path: string): unknown {
  if (path === '') return tree;
  if (!isRecord(tree)) return undefined;
  const key = Object.keys(tree)
    .filter((one) => one !== '' && (path === one || path.startsWith(`${one}.`)))
    .sort((one, other) => other.length - one.length)[0];
  return key === undefined ? undefined : writtenAt(tree[key], path.slice(key.length + 1));
}
