import { type CellOutcome, isBad, type StripCell } from './strip.ts';

/** One character of a strip, and what its colour stands for. */
export interface CellMark {
  char: string;
  tone: CellOutcome | 'recovered' | 'coming' | 'now' | 'empty' | 'full' | 'load';
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
const COMING = '◇';
const NOW = '│';
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** How a cell of a strip looks: what happened counts for more than what comes, and that for more than the now-line. */
export function cellMark(cell: StripCell, isNow: boolean): CellMark {
  const outcome = cell.running && cell.outcome !== 'failed' ? 'running' : cell.outcome;
  if (cell.recovered && outcome !== 'running' && !isBad(outcome))
    return { char: RECOVERED, tone: 'recovered' };
  if (outcome !== null) return { char: OUTCOME[outcome], tone: outcome };
  if (cell.coming === 1) return { char: COMING, tone: 'coming' };
  if (cell.coming > 1) return { char: cell.coming > 9 ? '+' : String(cell.coming), tone: 'coming' };
  return isNow ? { char: NOW, tone: 'now' } : { char: ' ', tone: 'empty' };
}

/** What the signs of a strip mean, in one line. */
export function legendOf(): string {
  const { succeeded, failed, missed } = OUTCOME;
  return `${COMING} due  2 due twice  ${succeeded} ran  ${failed} failed  ${RECOVERED} failed, then ran  ${missed} missed`;
}

/** How a cell of the top row looks: how many run at once, against the slots; `full` when more want to than may. */
export function loadMark(atOnce: number, slots: number, isNow: boolean): CellMark {
  if (atOnce === 0) return isNow ? { char: NOW, tone: 'now' } : { char: ' ', tone: 'empty' };
  const level = Math.ceil((atOnce / Math.max(1, slots)) * LEVELS.length);
  const char = LEVELS[Math.min(LEVELS.length, level) - 1] ?? '';
  return { char, tone: atOnce > slots ? 'full' : 'load' };
}
