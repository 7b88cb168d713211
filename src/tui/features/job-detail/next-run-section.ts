import type { JobDefinition } from '../../../core/model/definition.ts';
import { zoneOffset } from '../../../core/schedule/engine/instant.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import { memoize } from '../../ui/memoize.ts';
import { labeledRow, labeledText, ROW_LABEL_CELLS, type StyledRow } from '../../ui/styled-row.ts';
import { fitTo, textWidth } from '../../ui/text/fit.ts';
import { formatDateTime, twoDigits } from '../../ui/time/format-date-time.ts';
import { isOfOccurrence } from '../jobs/next-run-notes.ts';
import type { DetailSection, JobDetailData } from './model.ts';

/** The schedule with its time zone, the next runs in that zone, and their notes. */
export const nextRunRows: DetailSection = ({ row, detail: { data }, now, columns }) => {
  const { definition, enabled, pausedAt } = row;
  if (definition === null) return [];
  const words = labeledText('Schedule', describeJobSchedule(definition), columns);
  if (data === null) return words;
  const { next_runs: runs, notes } = data.preview;
  const isIdle = !enabled || pausedAt !== null;
  const condition = `They would be, if it were not ${enabled ? 'paused' : 'disabled'}.`;
  return [
    ...words,
    ...gridRows(data.preview, { now, columns }),
    ...(isIdle && runs.length > 0 ? labeledText('', condition, columns, { style: 'faint' }) : []),
    ...notes
      .filter(({ text }) => !isExplained(data, text))
      .flatMap(({ text, kind }) =>
        labeledText('', text, columns, { style: kind === 'staggered' ? 'faint' : 'warning', max: 3 }),
      ),
  ];
};

/** Whether the explanation already states for the next run what a note states for each run. */
function isExplained({ job }: JobDetailData, note: string): boolean {
  const words = note.replace(/^each run /, '');
  return words !== note && job.explanation.some((line) => line.includes(words));
}

const GAP = 2;
const MAX_BLOCKS_ACROSS = 4;

/** The next runs in columns, as many as fit. */
function gridRows(
  preview: JobDetailData['preview'],
  { now, columns }: { now: number; columns: number },
): StyledRow[] {
  const { next_runs: runs, timezone } = preview;
  const instants = runs.map((run) => Date.parse(run));
  const [first] = instants;
  if (first === undefined)
    return [labeledRow('Next runs', columns, { text: 'none any more', style: 'warning' })];
  const special = new Set(preview.notes.filter(isOfOccurrence).map(({ at }) => Date.parse(at)));
  const texts = instants.map((at) => {
    const sign = special.has(at) ? ' !' : '';
    const isOther = zoneOffset(at, timezone) !== zoneOffset(first, timezone);
    return `${formatDateTime(at, now, timezone)}${at === first || isOther ? ` ${formatOffset(at, timezone)}` : ''}${sign}`;
  });
  return columnsFor(texts, columns - ROW_LABEL_CELLS).map((text, line) =>
    labeledRow(line === 0 ? 'Next runs' : '', columns, { text, style: 'plain' }),
  );
}

/** Arranges texts in columns, as many as fit. Each column is read downwards. */
function columnsFor(texts: readonly string[], room: number): readonly string[] {
  for (let across = MAX_BLOCKS_ACROSS; across > 1; across -= 1) {
    const down = Math.ceil(texts.length / across);
    const blocks = Array.from({ length: across }, (_, at) => texts.slice(at * down, (at + 1) * down));
    const widths = blocks.map((block) => Math.max(0, ...block.map(textWidth)));
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

/** A schedule as readable text. */
const describeJobSchedule = memoize((definition: JobDefinition) =>
  JobSchedule.fromDict(definition.schedule).describe(),
);

/** `+01:00` */
function formatOffset(at: number, timezone: string): string {
  const minutes = Math.round(zoneOffset(at, timezone) / 60_000);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}
