import type { RunStatus } from '../../core/model/run-record.ts';
import type { HistoryRun } from '../home/job-row.ts';
import { STATUS_DISPLAY, type StyleName } from '../theme.ts';

/** Neighbouring characters that look the same. */
export interface BarPart {
  readonly text: string;
  readonly style: StyleName;
}

/**
 * The last runs as a character each, the latest at the right end, in exactly `cells` cells. Shapes differ as colours do:
 * a success is low, all else stands out.
 */
export function historyBar(history: readonly HistoryRun[], cells: number): readonly BarPart[] {
  const shown = history.slice(-cells);
  const blank = ' '.repeat(cells - shown.length);
  const parts: BarPart[] = blank === '' ? [] : [{ text: blank, style: 'plain' }];
  for (const { status } of shown) {
    const { style } = STATUS_DISPLAY[status];
    const last = parts.at(-1);
    const text = signOf(status);
    if (last?.style === style) parts[parts.length - 1] = { text: last.text + text, style };
    else parts.push({ text, style });
  }
  return parts;
}

function signOf(status: RunStatus): string {
  if (status === 'succeeded') return '▄';
  return status === 'skipped' ? '·' : STATUS_DISPLAY[status].icon;
}
