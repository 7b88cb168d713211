import { type CellOutcome, isFailure, type StripCell } from './strip.ts';

/** One character of a strip, and what its colour stands for. */
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
/** A run succeeded after another one of the same span had not. */
const RECOVERED = '▚';
const UPCOMING = '◇';
/** The next run lies beyond the right edge. */
const LATER = '→';
const NOW = '│';
/** A full block has no ink left that the cursor could turn round. */
const UNDER_CURSOR: Readonly<Record<string, string>> = { '█': '•' };
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** How a cell of a strip looks: what happened counts for more than what comes, and that for more than the now-line. */
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

/** The marks of a job whose next run comes after them: an arrow at their end, unless something happened there. */
export function withLaterArrow(glyphs: readonly CellGlyph[]): readonly CellGlyph[] {
  const last = glyphs.at(-1);
  if (last?.tone !== 'empty' && last?.tone !== 'now') return glyphs;
  return [...glyphs.slice(0, -1), { char: LATER, tone: 'later' }];
}

/** What the signs of a strip mean, in one line. */
export function timelineLegend(): string {
  const { succeeded, failed, missed } = OUTCOME;
  const ran = `${succeeded} ran  ${failed} failed  ${RECOVERED} failed, then ran  ${missed} missed`;
  return `${UPCOMING} due  2 due twice  ${LATER} due later  ${ran}`;
}

/** How a cell of the top row looks: how many run at once, against the slots; `full` when more want to than may. */
export function loadGlyph(concurrent: number, slots: number, isNow: boolean): CellGlyph {
  if (concurrent === 0) return isNow ? { char: NOW, tone: 'now' } : { char: ' ', tone: 'empty' };
  const level = Math.ceil((concurrent / Math.max(1, slots)) * LEVELS.length);
  const char = LEVELS[Math.min(LEVELS.length, level) - 1] ?? '';
  return { char, tone: concurrent > slots ? 'full' : 'load' };
}
