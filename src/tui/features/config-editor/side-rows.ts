import { diffLines, splitIntoLines } from '../../../core/lib/line-diff.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { describeAuthor } from '../../home/home-data.ts';
import type { State } from '../../kernel/model.ts';
import { formatClockTime } from '../../ui/format.ts';
import { memoize } from '../../ui/memoize.ts';
import { BLANK, labeledText, plainRow, type StyledRow, wrappedRows } from '../../ui/styled-row.ts';
import {
  changedByOthers,
  deletedByOthers,
  findConfig,
  findDraft,
  isUnused,
  jobsUsing,
} from './config-state.ts';
import { isTestRunning } from './model.ts';
import { repairRows } from './repair-rows.ts';
import { repairsOf } from './repair-state.ts';
import { activeRunRows, runRows, spinnerRow, testRunRows } from './result-rows.ts';

/**
 * The rows of the side pane: the test run, the results of a run, changes by other clients, and the jobs that use the
 * configuration.
 */
export function sideRows(state: State, columns: number): readonly StyledRow[] {
  const testRun = testRunRows(state, columns);
  const run = runRows(state, columns);
  const repair = repairRows(state, columns);
  const parts = [
    changedByOthersRows(state, columns),
    suggestionRows(state, columns),
    ...(isTestFirst(state) ? [testRun, repair] : [repair]),
    activeRunRows(state, columns),
    ...(isTestFirst(state) ? [run] : isRunNewer(state) ? [run, testRun] : [testRun, run]),
    usageRows(state, columns),
  ].filter((rows) => rows.length > 0);
  return parts.flatMap((rows, at) => (at === 0 ? rows : [BLANK, ...rows]));
}

/** Whether the test, on the live page, says more than the repair, which has no kept page. */
function isTestFirst({ configs: { editor } }: State): boolean {
  const { testRun, repair } = editor;
  const page = repairsOf(editor)?.page;
  return (
    testRun !== null &&
    (page === 'none' || (page === 'live' && testRun.startedAt >= (repair?.startedAt ?? 0)))
  );
}

/** Whether the inspected run was started from here. It is then newer than the test run. */
function isRunNewer({ configs: { editor } }: State): boolean {
  return (
    editor.requestedRun !== null && editor.requestedRun.runId === editor.run?.runId && !isTestRunning(editor)
  );
}

const NO_TEXT = { yaml: '' };

/** The lines in which a stored configuration differs from the text that a draft began with. */
const changedLines = memoize((stored: { yaml: string }) =>
  memoize((base: { yaml: string }) =>
    diffLines(splitIntoLines(base.yaml), splitIntoLines(stored.yaml)).flatMap((line): StyledRow[] => {
      if (line.kind === 'same') return [];
      return line.kind === 'added'
        ? [plainRow(`+ ${line.text}`, 'good')]
        : [plainRow(`- ${line.text}`, 'bad')];
    }),
  ),
);

/** The changes by other clients, as long as the draft does not contain them. */
function changedByOthersRows(state: State, columns: number): StyledRow[] {
  const { name } = state.configs.editor;
  const row = changedByOthers(state, name);
  if (row === undefined) return [];
  const who = describeAuthor(row.by) || 'somebody else';
  const when = formatClockTime(row.updatedAt, state.now, state.timezone);
  const base = findDraft(state, name)?.base ?? NO_TEXT;
  return [
    plainRow(`Changed meanwhile by ${who}, ${when}`, 'warning'),
    ...changedLines(row)(base),
    ...wrappedRows('a merges these changes into yours; nothing of either is lost.', columns),
  ];
}

function suggestionRows({ configs: { editor } }: State, columns: number): StyledRow[] {
  const { suggestion, suggestionProblem: problem } = editor;
  if (suggestion === null && problem !== null)
    return [
      plainRow('The page gives no first draft', 'heading'),
      ...wrappedRows(problem.message, columns, 'bad'),
      ...(problem.hint === undefined ? [] : wrappedRows(problem.hint, columns)),
      ...wrappedRows('e edits the text, such as its address; t tests it.', columns, 'key'),
    ];
  if (suggestion === null) return [];
  const text = 'Looking for items on the page';
  return [spinnerRow(text, suggestion.startedAt), plainRow('Esc cancels it.', 'faint')];
}

function unsavedRows(state: State, columns: number): StyledRow[] {
  const { name } = state.configs.editor;
  if (deletedByOthers(state, name))
    return [
      plainRow('Deleted meanwhile', 'warning'),
      ...wrappedRows('Its text is kept here alone: Ctrl-S saves it again, x discards it.', columns),
    ];
  const exists = findDraft(state, name) !== undefined || state.configs.rows === undefined;
  return [plainRow(exists ? 'Not saved yet' : 'There is no such configuration', 'heading')];
}

function describeUnused(state: State, name: string): string {
  if (state.readOnly || !isUnused(state, name)) return 'No job uses it.';
  if (findConfig(state, name) !== undefined) return 'No job uses it yet: C creates one.';
  if (findDraft(state, name) === undefined) return 'No job uses it.';
  return 'No job uses it yet: Ctrl-S saves it, then C creates one.';
}

function usageRows(state: State, columns: number): StyledRow[] {
  const { name } = state.configs.editor;
  const row = findConfig(state, name);
  const jobs = jobsUsing(state.home, name);
  const ids = jobs.map(({ id }) => id).join(', ');
  const uses = jobs.length === 0 ? describeUnused(state, name) : `${pluralize(jobs.length, 'job')}: ${ids}`;
  if (row === undefined) return [...unsavedRows(state, columns), ...wrappedRows(uses, columns)];
  const when = formatClockTime(row.updatedAt, state.now, state.timezone);
  const who = describeAuthor(row.by);
  return [
    plainRow('Used by', 'heading'),
    ...wrappedRows(uses, columns),
    BLANK,
    ...labeledText('changed', who === '' ? when : `${when} by ${who}`, columns),
    ...labeledText('file', row.file, columns),
    ...labeledText('revision', row.revision ?? 'cannot be read', columns),
  ];
}
