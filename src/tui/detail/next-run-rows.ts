import type { JobDefinition } from '../../core/job/definition.ts';
import { zoneOffset } from '../../core/schedule/instant.ts';
import { JobSchedule } from '../../core/schedule/job-schedule.ts';
import { isOfOccurrence } from '../jobs/next-run-notes.ts';
import { LABEL_CELLS, type LookRow, labelled, labelledText } from '../look-row.ts';
import { remembered } from '../remembered.ts';
import { cellsOf, fitTo } from '../text/fit.ts';
import { two } from '../time/calendar.ts';
import { dateWords } from '../time/date-words.ts';
import type { DetailSection } from './detail-rows.ts';
import type { ToldOfJob } from './job-detail.ts';

/** The schedule in words with its zone, the next runs by the clocks of its zone, and what is special about some of them. */
export const nextRunRows: DetailSection = ({ row, detail: { told }, now, columns }) => {
  const { definition, enabled, pausedAt } = row;
  if (definition === null) return [];
  const words = labelledText('Schedule', scheduleWords(definition), columns);
  if (told === null) return words;
  const { next_runs: runs, notes } = told.preview;
  const isIdle = !enabled || pausedAt !== null;
  const condition = `They would be, if it were not ${enabled ? 'paused' : 'disabled'}.`;
  return [
    ...words,
    ...gridRows(told.preview, { now, columns }),
    ...(isIdle && runs.length > 0 ? labelledText('', condition, columns, { look: 'faint' }) : []),
    ...notes
      .filter(({ text }) => !isSaid(told, text))
      .flatMap(({ text, kind }) =>
        labelledText('', text, columns, { look: kind === 'staggered' ? 'faint' : 'warning', most: 3 }),
      ),
  ];
};

/** The explanation says of the next run what a note says of each. */
function isSaid({ job }: ToldOfJob, note: string): boolean {
  const words = note.replace(/^each run /, '');
  return words !== note && job.explanation.some((line) => line.includes(words));
}

const GAP = 2;
const MOST_ACROSS = 4;

/** The next runs, one below the other, in as many columns as there is room for. */
function gridRows(
  preview: ToldOfJob['preview'],
  { now, columns }: { now: number; columns: number },
): LookRow[] {
  const { next_runs: runs, timezone } = preview;
  const instants = runs.map((run) => Date.parse(run));
  const [first] = instants;
  if (first === undefined)
    return [labelled('Next runs', columns, { text: 'none any more', look: 'warning' })];
  const special = new Set(preview.notes.filter(isOfOccurrence).map(({ at }) => Date.parse(at)));
  const texts = instants.map((at) => {
    const sign = special.has(at) ? ' !' : '';
    const isOther = zoneOffset(at, timezone) !== zoneOffset(first, timezone);
    return `${dateWords(at, now, timezone)}${at === first || isOther ? ` ${offsetWords(at, timezone)}` : ''}${sign}`;
  });
  return columnsFor(texts, columns - LABEL_CELLS).map((text, line) =>
    labelled(line === 0 ? 'Next runs' : '', columns, { text, look: 'plain' }),
  );
}

/** Texts one below the other, in as many columns as fit. */
function columnsFor(texts: readonly string[], room: number): readonly string[] {
  for (let across = MOST_ACROSS; across > 1; across -= 1) {
    const down = Math.ceil(texts.length / across);
    const blocks = Array.from({ length: across }, (_, at) => texts.slice(at * down, (at + 1) * down));
    const widths = blocks.map((block) => Math.max(0, ...block.map(cellsOf)));
    if (widths.reduce((sum, width) => sum + width + GAP, -GAP) > room) continue;
    return Array.from({ length: down }, (_, line) =>
      blocks
        .map((block, at) => fitTo(block[line] ?? '', (widths[at] ?? 0) + GAP))
        .join('')
        .trimEnd(),
    );
  }
  return texts;
}

/** A schedule in words. */
const scheduleWords = remembered((definition: JobDefinition) =>
  JobSchedule.fromDict(definition.schedule).describe(),
);

/** `+01:00` */
function offsetWords(at: number, timezone: string): string {
  const minutes = Math.round(zoneOffset(at, timezone) / 60_000);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
