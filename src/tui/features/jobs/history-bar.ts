import { type HistoryRun, hasFailed, isExecuted } from '../../../core/runs/last-run.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import { formatShortCount } from '../../ui/format.ts';
import type { StyleName } from '../../ui/theme.ts';

/** Adjacent characters with the same style. */
interface BarPart {
  readonly text: string;
  readonly style: StyleName;
}

/** What the characters of the history mean, in one line. */
export const HISTORY_LEGEND =
  'HISTORY: a bar a run, low for the fewest items, high for the most. ✗ failed · skipped ∅ missed';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Of the ASCII signs of bars, those that are no sign of a state. */
const ASCII_BARS = ['▁', '▄', '▅', '█'];
/** With a smaller difference between the fewest and the most items, the bars do not reach their full height. */
const FULL_HEIGHT_SHARE = 0.1;

/**
 * The last runs as one character each in exactly `cells` cells, the latest at the right. A success is a bar: the lowest
 * for the fewest items of those shown, and higher the more there are, so that equal runs are a low line. Every other
 * outcome has a sign of its own.
 */
export function historyBar(
  history: readonly HistoryRun[],
  cells: number,
  { unicode = true }: { unicode?: boolean } = {},
): readonly BarPart[] {
  const shown = history.slice(-cells);
  const barOf = barsOf(shown, unicode ? BARS : ASCII_BARS);
  const blank = ' '.repeat(cells - shown.length);
  const parts: BarPart[] = blank === '' ? [] : [{ text: blank, style: 'plain' }];
  for (const run of shown) {
    const { style } = STATUS_DISPLAY[run.status];
    const last = parts.at(-1);
    const text = run.status === 'succeeded' ? barOf(run.items) : signOf(run);
    if (last?.style === style) parts[parts.length - 1] = { text: last.text + text, style };
    else parts.push({ text, style });
  }
  return parts;
}

function barsOf(runs: readonly HistoryRun[], bars: readonly string[]): (items: number) => string {
  const counts = runs.flatMap(({ status, items }) => (status === 'succeeded' ? [items] : []));
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const whole = Math.max(1, most - fewest, most * FULL_HEIGHT_SHARE);
  return (items) => bars[Math.round(((items - fewest) / whole) * (bars.length - 1))] ?? '';
}

function signOf({ status }: HistoryRun): string {
  return status === 'skipped' ? '·' : STATUS_DISPLAY[status].icon;
}

/** The history in words: `2 of the last 10 runs failed, 997 to 1,000 items before`; empty for a single run. */
export function describeHistory(history: readonly HistoryRun[]): string {
  const executed = history.filter(isExecuted);
  if (executed.length < 2) return '';
  const failed = executed.filter(hasFailed).length;
  const counts = executed.flatMap(({ status, items }) => (status === 'succeeded' ? [items] : []));
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)].map(formatShortCount);
  const range =
    counts.length === 0 ? '' : `, with ${fewest === most ? fewest : `${fewest} to ${most}`} items`;
  return `${failed === 0 ? 'none' : failed} of the last ${executed.length} runs failed${range}`;
}
