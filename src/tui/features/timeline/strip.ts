import { displayWidth } from '../../../core/lib/display-width.ts';
import type { RunStatus } from '../../../core/model/run-record.ts';
import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import type { UpcomingStarts } from '../../../core/schedule/start-forecast.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import type { CellPeriod } from './model.ts';
import { cellAt, cellStart, formatDayAndTime } from './period.ts';

/** The outcome shown in a cell: the worst since the last success, or an active or queued run. */
type CellOutcome = 'succeeded' | 'skipped' | 'cancelled' | 'missed' | 'failed' | 'running' | 'waiting';

/** From least to most severe. */
const BY_SEVERITY: readonly CellOutcome[] = [
  'succeeded',
  'skipped',
  'waiting',
  'running',
  'cancelled',
  'missed',
  'failed',
];

/** One job in one cell of time. */
interface StripCell {
  /** The worst outcome since the last success; `null` without runs. */
  outcome: CellOutcome | null;
  /** Whether a run failed, was missed or was cancelled before the last success. */
  recovered: boolean;
  /** Whether a run is active, whatever else happened. */
  running: boolean;
  /** The number of runs that started in it, and of upcoming occurrences. */
  runs: number;
  upcoming: number;
}

const OUTCOME_BY_STATUS: Record<RunStatus, CellOutcome> = {
  queued: 'waiting',
  waiting_retry: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'failed',
  abandoned: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  missed: 'missed',
};

/**
 * A job's strip: one cell for each step of the period. The runs are in the order in which they started. A run is in
 * every cell that it overlaps; an active one extends to `now`.
 */
export function buildStrip(
  period: CellPeriod,
  runs: readonly TimelineRun[],
  upcoming: readonly UpcomingStarts[],
  now: number,
): StripCell[] {
  const strip: StripCell[] = Array.from({ length: period.cells }, () => ({
    outcome: null,
    recovered: false,
    running: false,
    runs: 0,
    upcoming: 0,
  }));
  for (const run of runs) {
    const outcome = OUTCOME_BY_STATUS[run.status];
    const { first, last } = cellRange(period, run, now);
    for (let cell = Math.max(0, first); cell <= Math.min(period.cells - 1, last); cell += 1) {
      const here = strip[cell];
      if (here === undefined) continue;
      const isRecovery = outcome === 'succeeded' && isFailure(here.outcome);
      here.recovered ||= isRecovery;
      here.outcome = isRecovery ? outcome : worseOutcome(here.outcome, outcome);
      here.running ||= outcome === 'running';
      if (cell === first) here.runs += 1;
    }
  }
  for (const { at, count } of upcoming) {
    const here = strip[cellAt(period, at[0] ?? 0)];
    if (here) here.upcoming += count;
  }
  return strip;
}

/** The first and the last cell that a run overlaps, possibly outside the period. */
export function cellRange(
  period: CellPeriod,
  { begin, end, status }: TimelineRun,
  now: number,
): { first: number; last: number } {
  const first = cellAt(period, begin);
  const isRunning = status === 'running' || status === 'waiting_retry';
  // A run that ends exactly with a cell does not overlap the next one.
  const until = end ?? (isRunning ? now + 1 : begin);
  return { first, last: Math.max(first, cellAt(period, until - 1)) };
}

/** Whether the outcome is a failure: failed, missed or cancelled. */
function isFailure(outcome: CellOutcome | null): boolean {
  return outcome === 'failed' || outcome === 'missed' || outcome === 'cancelled';
}

function worseOutcome(one: CellOutcome | null, other: CellOutcome): CellOutcome {
  return one !== null && BY_SEVERITY.indexOf(one) > BY_SEVERITY.indexOf(other) ? one : other;
}

/** One character of a strip, and the meaning of its colour. */
export interface CellGlyph {
  char: string;
  tone: CellOutcome | 'recovered' | 'coming' | 'later' | 'now' | 'empty' | 'full' | 'load';
}

const OUTCOME_CHARS: Readonly<Record<CellOutcome, string>> = {
  succeeded: '█',
  failed: '✗',
  missed: '○',
  cancelled: '–',
  skipped: '·',
  running: '▶',
  waiting: '◌',
};
/** A run succeeded after a failed one in the same cell. */
const RECOVERED = '▚';
const UPCOMING = '◇';
/** More occurrences than a digit can count. */
const MANY = '+';
/** The next run is beyond the right edge. */
const LATER = '→';
const NOW = '│';
/** The cursor is drawn inverse, and an inverted full block would be blank. */
const UNDER_CURSOR: Readonly<Record<string, string>> = { '█': '•' };
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * The glyph of a strip's cell. Past runs take precedence over upcoming ones, and those over the line that marks the
 * current time.
 */
export function cellGlyph(cell: StripCell, isNow: boolean): CellGlyph {
  const outcome = cell.running && cell.outcome !== 'failed' ? 'running' : cell.outcome;
  if (cell.recovered && outcome !== 'running' && !isFailure(outcome))
    return { char: RECOVERED, tone: 'recovered' };
  if (outcome !== null) return { char: OUTCOME_CHARS[outcome], tone: outcome };
  if (cell.upcoming === 1) return { char: UPCOMING, tone: 'coming' };
  if (cell.upcoming > 1) return { char: cell.upcoming > 9 ? MANY : String(cell.upcoming), tone: 'coming' };
  return isNow ? { char: NOW, tone: 'now' } : { char: ' ', tone: 'empty' };
}

/** The same cell under the cursor, which is drawn inverse. */
export function underCursor({ char, tone }: CellGlyph): CellGlyph {
  return { char: UNDER_CURSOR[char] ?? char, tone };
}

/**
 * The glyphs of a job whose next run is after the period: the last glyph becomes an arrow, unless that cell has
 * content.
 */
export function withLaterArrow(glyphs: readonly CellGlyph[]): readonly CellGlyph[] {
  const last = glyphs.at(-1);
  if (last?.tone !== 'empty' && last?.tone !== 'now') return glyphs;
  return [...glyphs.slice(0, -1), { char: LATER, tone: 'later' }];
}

interface LegendEntry {
  /** Of entries that have no room, those of the highest rank are left out. */
  readonly rank: number;
  /** The sign, and what it means. */
  readonly text: string;
}

/** What each sign means, in the order of the legend: when jobs are due, then what came of their runs. */
const LEGEND: readonly (LegendEntry & { readonly is: (glyph: CellGlyph) => boolean })[] = [
  { rank: 0, is: ({ char }) => char === UPCOMING, text: `${UPCOMING} due` },
  { rank: 4, is: ({ char }) => /\d/.test(char), text: '2 times' },
  { rank: 5, is: ({ char }) => char === MANY, text: `${MANY} over 9 times` },
  { rank: 7, is: ({ tone }) => tone === 'later', text: `${LATER} due later` },
  { rank: 1, is: ({ tone }) => tone === 'succeeded', text: `${OUTCOME_CHARS.succeeded} ran` },
  { rank: 3, is: ({ tone }) => tone === 'running', text: `${OUTCOME_CHARS.running} running` },
  { rank: 2, is: ({ tone }) => tone === 'failed', text: `${OUTCOME_CHARS.failed} failed` },
  { rank: 6, is: ({ tone }) => tone === 'recovered', text: `${RECOVERED} recovered` },
  { rank: 6, is: ({ tone }) => tone === 'missed', text: `${OUTCOME_CHARS.missed} missed` },
  { rank: 8, is: ({ tone }) => tone === 'waiting', text: `${OUTCOME_CHARS.waiting} queued` },
  { rank: 9, is: ({ tone }) => tone === 'cancelled', text: `${OUTCOME_CHARS.cancelled} cancelled` },
  { rank: 9, is: ({ tone }) => tone === 'skipped', text: `${OUTCOME_CHARS.skipped} skipped` },
  { rank: 10, is: ({ tone }) => tone === 'now', text: `${NOW} now` },
];
const LEGEND_GAP = '  ';
/** The width of the legend with all signs. */
export const WHOLE_LEGEND_CELLS = displayWidth(LEGEND.map(({ text }) => text).join(LEGEND_GAP));

/** The meaning of each sign that occurs among these, in the order of the legend. */
export function legendOf(glyphs: readonly CellGlyph[]): readonly LegendEntry[] {
  const signs = new Map(glyphs.map((glyph) => [`${glyph.char} ${glyph.tone}`, glyph]));
  return LEGEND.flatMap(({ rank, text, is }) => {
    const found = [...signs.values()].filter(is).map(({ char }) => char);
    if (found.length === 0) return [];
    // Of several numbers, the lowest one stands for all.
    return [{ rank, text: /^\d/.test(text) ? text.replace(/^\d/, found.sort()[0] ?? '') : text }];
  });
}

/** The legend in at most `rows` lines of `cells`; without room for all, what matters least is left out. */
export function legendLines(entries: readonly LegendEntry[], cells: number, rows: number): readonly string[] {
  const lines: string[] = [];
  for (const { text } of entries) {
    const last = lines.at(-1);
    const longer = last === undefined ? text : `${last}${LEGEND_GAP}${text}`;
    if (last === undefined || displayWidth(longer) > cells) lines.push(text);
    else lines[lines.length - 1] = longer;
  }
  if (lines.length <= rows && lines.every((line) => displayWidth(line) <= cells)) return lines;
  const most = Math.max(...entries.map(({ rank }) => rank));
  return legendLines(
    entries.filter(({ rank }) => rank < most),
    cells,
    rows,
  );
}

/**
 * The glyph of a cell in the top row: the number of concurrent runs relative to the slots; `full` when it exceeds the
 * slots.
 */
export function loadGlyph(concurrent: number, slots: number, isNow: boolean): CellGlyph {
  if (concurrent === 0) return isNow ? { char: NOW, tone: 'now' } : { char: ' ', tone: 'empty' };
  const level = Math.ceil((concurrent / Math.max(1, slots)) * LEVELS.length);
  const char = LEVELS[Math.min(LEVELS.length, level) - 1] ?? '';
  return { char, tone: concurrent > slots ? 'full' : 'load' };
}

/**
 * The glyphs of a job, as they are drawn.
 * @param isLater its next run is after the period
 */
export function stripGlyphs(
  period: CellPeriod,
  { runs, upcoming }: { runs: readonly TimelineRun[]; upcoming: readonly UpcomingStarts[] },
  nowCell: number,
  isLater: boolean,
): readonly CellGlyph[] {
  // An active run extends to the current cell.
  const strip = buildStrip(period, runs, upcoming, cellStart(period, nowCell));
  const glyphs = strip.map((cell, index) => cellGlyph(cell, index === nowCell));
  return isLater ? withLaterArrow(glyphs) : glyphs;
}

/** Describes a job's strip for screen readers: `3 ok, 1 failed, 5 due, next Thu 26 Nov 08:00`. */
export function describeStrip(
  period: CellPeriod,
  { runs, upcoming }: { runs: readonly TimelineRun[]; upcoming: readonly UpcomingStarts[] },
  nextRun: number | null,
  timezone: string,
): string {
  const isVisible = (at: number) => cellAt(period, at) >= 0 && cellAt(period, at) < period.cells;
  const counts = new Map<string, number>();
  for (const { begin, status } of runs) {
    const { word } = STATUS_DISPLAY[status];
    if (isVisible(begin)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const due = upcoming.reduce((sum, { at, count }) => sum + (isVisible(at[0] ?? 0) ? count : 0), 0);
  const parts = [
    ...[...counts].map(([word, count]) => `${count} ${word}`),
    ...(due === 0 ? [] : [`${due} due`]),
    ...(nextRun === null ? [] : [`next ${formatDayAndTime(nextRun, timezone)}`]),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
