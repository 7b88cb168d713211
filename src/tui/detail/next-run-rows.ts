import type { JobDefinition } from '../../core/job/definition.ts';
import { wallClock, zoneOffset } from '../../core/schedule/instant.ts';
import { JobSchedule } from '../../core/schedule/job-schedule.ts';
import { cellsOf, fitTo } from '../text/fit.ts';
import { type DetailRow, LABEL_CELLS, labelled, labelledText } from './detail-row.ts';
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
    ...notes.flatMap(({ text, kind }) =>
      labelledText('', text, columns, { look: kind === 'staggered' ? 'faint' : 'warning', most: 3 }),
    ),
  ];
};

const GAP = 2;

/** The next runs, one below the other, in as many columns as there is room for. */
function gridRows(
  preview: ToldOfJob['preview'],
  { now, columns }: { now: number; columns: number },
): DetailRow[] {
  const { next_runs: runs, timezone } = preview;
  const instants = runs.map((run) => Date.parse(run));
  const [first] = instants;
  if (first === undefined)
    return [labelled('Next runs', columns, { text: 'none any more', look: 'warning' })];
  const special = new Set(
    preview.notes.filter(({ kind }) => kind !== 'staggered').map(({ at }) => Date.parse(at)),
  );
  const texts = instants.map((at) => {
    const sign = special.has(at) ? ' !' : '';
    const isOther = zoneOffset(at, timezone) !== zoneOffset(first, timezone);
    return `${dateWords(at, now, timezone)}${at === first || isOther ? ` ${offsetWords(at, timezone)}` : ''}${sign}`;
  });
  const cells = Math.max(...texts.map(cellsOf));
  const across = Math.max(1, Math.floor((columns - LABEL_CELLS + GAP) / (cells + GAP)));
  const down = Math.ceil(texts.length / across);
  return Array.from({ length: down }, (_, line) => {
    const parts = texts.filter((_text, at) => at % down === line);
    const text = parts
      .map((part) => fitTo(part, cells + GAP))
      .join('')
      .trimEnd();
    return labelled(line === 0 ? 'Next runs' : '', columns, { text, look: 'plain' });
  });
}

const known = new WeakMap<JobDefinition, string>();

/** A schedule in words, worked out once for each definition. */
function scheduleWords(definition: JobDefinition): string {
  const before = known.get(definition);
  if (before !== undefined) return before;
  const words = JobSchedule.fromDict(definition.schedule).describe();
  known.set(definition, words);
  return words;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `Thu 26 Nov 09:00`; with the year when it is another one, with seconds when there are any. */
function dateWords(at: number, now: number, timezone: string): string {
  const { year, month, day, hour, minute, second } = wallClock(at, timezone);
  const weekday = DAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  const date = `${weekday} ${String(day).padStart(2)} ${MONTHS[month - 1]}`;
  const thisYear = wallClock(now, timezone).year === year;
  const seconds = second === 0 ? '' : `:${two(second)}`;
  return `${date}${thisYear ? '' : ` ${year}`} ${two(hour)}:${two(minute)}${seconds}`;
}

/** `+01:00` */
function offsetWords(at: number, timezone: string): string {
  const minutes = Math.round(zoneOffset(at, timezone) / 60_000);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
