import type { RunStatus } from '../../core/run/record.ts';
import type { HistoryRun } from '../home/job-row.ts';
import { FACES, type LookName } from '../theme.ts';

/** Neighbouring characters that look the same. */
export interface BarPart {
  readonly text: string;
  readonly look: LookName;
}

/**
 * The last runs as a character each, the latest at the right end, in exactly `cells` cells. Shapes differ as colours do:
 * a success is low, all else stands out.
 */
export function historyBar(history: readonly HistoryRun[], cells: number): readonly BarPart[] {
  const shown = history.slice(-cells);
  const blank = ' '.repeat(cells - shown.length);
  const parts: BarPart[] = blank === '' ? [] : [{ text: blank, look: 'plain' }];
  for (const { status } of shown) {
    const { look } = FACES[status];
    const last = parts.at(-1);
    const text = signOf(status);
    if (last?.look === look) parts[parts.length - 1] = { text: last.text + text, look };
    else parts.push({ text, look });
  }
  return parts;
}

function signOf(status: RunStatus): string {
  if (status === 'succeeded') return '▄';
  return status === 'skipped' ? '·' : FACES[status].icon;
}
