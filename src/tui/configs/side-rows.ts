import { countWords } from '../../core/count-words.ts';
import { authorWords } from '../home/author-words.ts';
import { BLANK, type LookRow, labelledText, plain, wrapped } from '../look-row.ts';
import type { State } from '../state/state.ts';
import { clockWords } from '../time/clock-words.ts';
import { isTrying } from './bench.ts';
import { busyRow } from './busy-row.ts';
import { changedMeanwhile, configOf, deletedMeanwhile, draftOf, jobsUsing } from './configs-state.ts';
import { diffLines, linesOf } from './line-diff.ts';
import { runRows, underWayRows } from './run-rows.ts';
import { trialRows } from './trial-rows.ts';

/** What stands beside the text of the bench: the trial, what a run found, who else has changed it, who uses it. */
export function sideRows(state: State, columns: number): readonly LookRow[] {
  const trial = trialRows(state, columns);
  const run = runRows(state, columns);
  const parts = [
    meanwhileRows(state, columns),
    proposalRows(state),
    underWayRows(state, columns),
    ...(isRunNewer(state) ? [run, trial] : [trial, run]),
    factRows(state, columns),
  ].filter((rows) => rows.length > 0);
  return parts.flatMap((rows, at) => (at === 0 ? rows : [BLANK, ...rows]));
}

/** The run that is looked at was asked for from here, and so tells more than a trial before it. */
function isRunNewer({ configs: { bench } }: State): boolean {
  return bench.again !== null && bench.again.runId === bench.run?.runId && !isTrying(bench);
}

/** The changes of others, as long as the draft does not hold them. */
function meanwhileRows(state: State, columns: number): LookRow[] {
  const { name } = state.configs.bench;
  const row = changedMeanwhile(state, name);
  if (row === undefined) return [];
  const who = authorWords(row.by) || 'somebody else';
  const when = clockWords(row.updatedAt, state.now, state.timezone);
  const before = draftOf(state, name)?.base?.yaml ?? '';
  const changes = diffLines(linesOf(before), linesOf(row.yaml)).flatMap((line): LookRow[] => {
    if (line.kind === 'same') return [];
    return line.kind === 'added' ? [plain(`+ ${line.text}`, 'good')] : [plain(`- ${line.text}`, 'bad')];
  });
  return [
    plain(`Changed meanwhile by ${who}, ${when}`, 'warning'),
    ...changes,
    ...wrapped('a takes these changes into yours; nothing of either is lost.', columns),
  ];
}

function proposalRows({ configs: { bench } }: State): LookRow[] {
  if (bench.proposal === null) return [];
  const text = 'Looking for what could be taken from the page';
  return [busyRow(text, bench.proposal.startedAt), plain('Esc calls it off.', 'faint')];
}

function unsavedRows(state: State, columns: number): LookRow[] {
  const { name } = state.configs.bench;
  if (deletedMeanwhile(state, name))
    return [
      plain('Deleted meanwhile', 'warning'),
      ...wrapped('Its text is kept here alone: Ctrl-S saves it anew, x throws it away.', columns),
    ];
  const isThere = draftOf(state, name) !== undefined || state.configs.rows === undefined;
  return [plain(isThere ? 'Not saved yet' : 'There is no such configuration', 'heading')];
}

function factRows(state: State, columns: number): LookRow[] {
  const { name } = state.configs.bench;
  const row = configOf(state, name);
  const jobs = jobsUsing(state.home, name);
  const ids = jobs.map(({ id }) => id).join(', ');
  const uses = jobs.length === 0 ? 'No job uses it.' : `${countWords(jobs.length, 'job')}: ${ids}`;
  if (row === undefined) return [...unsavedRows(state, columns), ...wrapped(uses, columns)];
  const when = clockWords(row.updatedAt, state.now, state.timezone);
  const who = authorWords(row.by);
  return [
    plain('Used by', 'heading'),
    ...wrapped(uses, columns),
    BLANK,
    ...labelledText('changed', who === '' ? when : `${when} by ${who}`, columns),
    ...labelledText('file', row.file, columns),
    ...labelledText('revision', row.revision ?? 'cannot be read', columns),
  ];
}
