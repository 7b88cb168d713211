import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { type ActivityEntry, describeAuthor } from '../../home/home-data.ts';
import { type HistoryContent, HistoryList, historyBox, inputToList } from '../../kernel/history-list.tsx';
import type { DialogOf, State, Step } from '../../kernel/model.ts';
import { openDialog, step } from '../../kernel/step.ts';
import { rowInBox } from '../../ui/components/overlay.tsx';
import { formatClockTime } from '../../ui/format.ts';
import type { TextSpan } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { goToJob } from '../jobs/reducer.ts';
import { pastActivity } from './reducer.ts';

/** The activity entries, newest first, and after them what failed in the day before. */
export function activityRows({ activity: { list, past } }: State): readonly ActivityEntry[] {
  return [...list.toReversed(), ...past];
}

/** Opens the activity list. All its entries then count as seen. */
export function openActivity(state: State): Step {
  const seen = { ...state, activity: { ...state.activity, unseen: 0, past: pastActivity(state) } };
  return openDialog(seen, { kind: 'activity', index: 0 });
}

/** Enter goes to the entry's job. An entry of the home alone has no target. */
export const activityRules: DialogRules<'activity'> = {
  onInput: (state, dialog, input) =>
    inputToList(state, dialog, input, {
      rows: activityRows(state),
      take: (closed, { jobId }) => (jobId === null ? step(state) : goToJob(closed, jobId)),
    }),
  rowAt: (state, dialog, click, body) =>
    rowInBox(historyBox(state, activityContent(state, dialog), body), click),
};

const MIN_ID_CELLS = 4;
const MAX_ID_CELLS = 28;
const BY_CELLS = 14;
/** Below this width (cells) the author follows the text instead of having its own column. */
const NARROW = 50;
/** From this width on, names are whole. */
const ROOMY = 110;

export function ActivityDialog({ state, dialog, body }: DialogProps<'activity'>) {
  return <HistoryList state={state} body={body} content={activityContent(state, dialog)} />;
}

function activityContent(state: State, dialog: DialogOf<'activity'>): HistoryContent<ActivityEntry> {
  const rows = activityRows(state);
  const head =
    rows.length === 0 ? describeNothing(state) : `${dialog.index + 1} of ${rows.length}, newest first`;
  const idCells = Math.max(widestOf(rows, nameOf), MIN_ID_CELLS);
  return {
    title: 'Activity',
    head,
    rows,
    index: dialog.index,
    columns: 110,
    widest: idCells + 2 + widestOf(rows, ({ text }) => text) + BY_CELLS,
    spansOf,
  };
}

/** The list begins with the last visit, or with this one. Of the day before it knows only what has been read. */
function describeNothing({ activity: { lastVisitAt, openedAt }, home, now, timezone }: State): string {
  const at = lastVisitAt ?? openedAt;
  const since = lastVisitAt === null ? 'this dashboard was opened' : 'your last visit';
  const when = at === null ? '' : ` (${formatClockTime(at, now, timezone)})`;
  const isPastKnown = home?.jobs.every(({ isHistoryKnown }) => isHistoryKnown) ?? false;
  const past = isPastKnown ? ', and nothing failed in the 24 hours before' : '';
  return `Nothing has happened since ${since}${when}${past}. Changes, failures and recoveries appear here; in the list of jobs, r runs one.`;
}

function spansOf(
  shown: readonly ActivityEntry[],
  cells: number,
): (row: ActivityEntry) => readonly TextSpan[] {
  const share = Math.floor(cells * 0.45);
  const rest = 2 + BY_CELLS + widestOf(shown, ({ text }) => text);
  const max = cells < ROOMY ? Math.min(MAX_ID_CELLS, share) : Math.max(share, cells - rest);
  const idCells = Math.min(max, Math.max(widestOf(shown, nameOf), MIN_ID_CELLS));
  const byCells = cells < NARROW ? 0 : BY_CELLS;
  const room = Math.max(0, cells - idCells - 2 - byCells);
  return (row) => [
    { text: `${fitTo(sanitizeText(nameOf(row)), idCells)}  `, style: 'plain' },
    { text: fitTo(sanitizeText(byCells > 0 ? row.text : withAuthor(row)), room), style: row.tone },
    { text: fitTo(describeAuthor(row.by), byCells, 'right'), style: 'faint' },
  ];
}

function widestOf<T>(rows: readonly T[], of: (row: T) => string): number {
  return rows.reduce((most, row) => Math.max(most, displayWidth(sanitizeText(of(row)))), 0);
}

function withAuthor({ text, by }: ActivityEntry): string {
  const author = describeAuthor(by);
  return author === '' ? text : `${text} (${author})`;
}

function nameOf({ jobId, what }: ActivityEntry): string {
  return jobId ?? (what === 'channel' ? 'channel' : 'scheduler');
}
