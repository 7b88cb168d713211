import { countWords } from '../../core/count-words.ts';
import { authorWords } from '../home/author-words.ts';
import type { State } from '../state/state.ts';
import { clockWords } from '../time/clock-words.ts';
import { isTrying } from './bench.ts';
import { changedMeanwhile, configOf, draftOf, jobsUsing } from './configs-state.ts';
import { diffLines, linesOf } from './line-diff.ts';
import { runRows, underWayRows } from './run-rows.ts';
import { blank, heading, plain, type SideRow, titled } from './side-row.ts';
import { trialRows } from './trial-rows.ts';

/** What stands beside the text of the bench: the trial, what a run found, who else has changed it, who uses it. */
export function sideRows(state: State, columns: number): readonly SideRow[] {
  const trial = trialRows(state, columns);
  const run = runRows(state, columns);
  const parts = [
    meanwhileRows(state, columns),
    proposalRows(state),
    underWayRows(state, columns),
    ...(isRunNewer(state) ? [run, trial] : [trial, run]),
    factRows(state, columns),
  ].filter((rows) => rows.length > 0);
  return parts.flatMap((rows, at) => (at === 0 ? rows : [blank(), ...rows]));
}

/** The run that is looked at was asked for from here, and so tells more than a trial before it. */
function isRunNewer({ configs: { bench } }: State): boolean {
  return bench.again !== null && bench.again.runId === bench.run?.runId && !isTrying(bench);
}

/** The changes of others, as long as the draft does not hold them. */
function meanwhileRows(state: State, columns: number): SideRow[] {
  const { name } = state.configs.bench;
  const row = changedMeanwhile(state, name);
  if (row === undefined) return [];
  const who = authorWords(row.by) || 'somebody else';
  const when = clockWords(row.updatedAt, state.now, state.timezone);
  const before = draftOf(state, name)?.base?.yaml ?? '';
  const changes = diffLines(linesOf(before), linesOf(row.yaml)).flatMap((line): SideRow[] => {
    if (line.kind === 'same') return [];
    return line.kind === 'added' ? [plain(`+ ${line.text}`, 'good')] : [plain(`- ${line.text}`, 'bad')];
  });
  return [
    heading(`Changed meanwhile by ${who}, ${when}`, 'warning'),
    ...changes,
    ...titled('', 'a takes these changes into yours; nothing of either is lost.', columns),
  ];
}

function proposalRows({ configs: { bench } }: State): SideRow[] {
  if (bench.proposal === null) return [];
  const text = 'Looking for what could be taken from the page';
  return [
    { spans: [{ text, look: 'running' }], since: bench.proposal.startedAt },
    plain('Esc calls it off.', 'faint'),
  ];
}

function factRows(state: State, columns: number): SideRow[] {
  const { name } = state.configs.bench;
  const row = configOf(state, name);
  const jobs = jobsUsing(state.home, name);
  const ids = jobs.map(({ id }) => id).join(', ');
  const uses = jobs.length === 0 ? 'No job uses it.' : `${countWords(jobs.length, 'job')}: ${ids}`;
  if (row === undefined) return [heading('Not saved yet'), ...titled('', uses, columns)];
  const when = clockWords(row.updatedAt, state.now, state.timezone);
  const who = authorWords(row.by);
  return [
    heading('Used by'),
    ...titled('', uses, columns),
    blank(),
    ...titled('changed', who === '' ? when : `${when} by ${who}`, columns),
    ...titled('file', row.file, columns),
    ...titled('revision', row.revision ?? 'cannot be read', columns),
  ];
}
