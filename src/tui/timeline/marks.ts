import type { CellOutcome, StripCell } from './strip.ts';

/** One character of a strip, and what its colour stands for. */
export interface CellMark {
  char: string;
  tone: CellOutcome | 'coming' | 'now' | 'empty' | 'full' | 'load';
}

export type MarkSet = 'unicode' | 'ascii';

const OUTCOME: Record<MarkSet, Record<CellOutcome, string>> = {
  unicode: {
    succeeded: '█',
    failed: '✗',
    missed: '○',
    cancelled: '–',
    skipped: '·',
    running: '▶',
    waiting: '◌',
  },
  ascii: {
    succeeded: '#',
    failed: 'X',
    missed: 'o',
    cancelled: '-',
    skipped: '.',
    running: '>',
    waiting: '~',
  },
};

const COMING: Record<MarkSet, string> = { unicode: '◇', ascii: '*' };
const NOW: Record<MarkSet, string> = { unicode: '│', ascii: '|' };
const LEVELS: Record<MarkSet, readonly string[]> = {
  unicode: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  ascii: ['.', ':', '-', '=', '+', '*', '%', '#'],
};

/** How a cell of a strip looks: what happened counts for more than what comes, and that for more than the now-line. */
export function cellMark(cell: StripCell, isNow: boolean, set: MarkSet): CellMark {
  const outcome = cell.running && cell.outcome !== 'failed' ? 'running' : cell.outcome;
  if (outcome !== null) return { char: OUTCOME[set][outcome], tone: outcome };
  if (cell.coming === 1) return { char: COMING[set], tone: 'coming' };
  if (cell.coming > 1) return { char: cell.coming > 9 ? '+' : String(cell.coming), tone: 'coming' };
  return isNow ? { char: NOW[set], tone: 'now' } : { char: ' ', tone: 'empty' };
}

/** What the signs of a strip mean, in one line. */
export function legendOf(set: MarkSet): string {
  const { succeeded, failed, missed } = OUTCOME[set];
  return `${COMING[set]} due  2 due twice  ${succeeded} ran  ${failed} failed  ${missed} missed`;
}

/** How a cell of the top row looks: how many run at once, against the slots; `full` when more want to than may. */
export function loadMark(atOnce: number, slots: number, isNow: boolean, set: MarkSet): CellMark {
  if (atOnce === 0) return isNow ? { char: NOW[set], tone: 'now' } : { char: ' ', tone: 'empty' };
  const levels = LEVELS[set];
  const level = Math.ceil((atOnce / Math.max(1, slots)) * levels.length);
  const char = levels[Math.min(levels.length, level) - 1] ?? '';
  return { char: atOnce > slots && set === 'ascii' ? '!' : char, tone: atOnce > slots ? 'full' : 'load' };
}
