import { type CellOutcome, isFailure, type StripCell } from './strip.ts';

/** One character of a strip, and the meaning of its colour. */
export interface CellGlyph {
  char: string;
  tone: CellOutcome | 'recovered' | 'coming' | 'later' | 'now' | 'empty' | 'full' | 'load';
}

const OUTCOME: Readonly<Record<CellOutcome, string>> = {
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
  if (outcome !== null) return { char: OUTCOME[outcome], tone: outcome };
  if (cell.upcoming === 1) return { char: UPCOMING, tone: 'coming' };
  if (cell.upcoming > 1) return { char: cell.upcoming > 9 ? '+' : String(cell.upcoming), tone: 'coming' };
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

/** The legend of the strip's glyphs, in one line. */
export function timelineLegend(): string {
  const { succeeded, failed, missed } = OUTCOME;
  const ran = `${succeeded} ran  ${failed} failed  ${RECOVERED} failed, then ran  ${missed} missed`;
  return `${UPCOMING} due  2 due twice  ${LATER} due later  ${ran}`;
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
