import { formatShortCount } from '../jobs/format-item-change.ts';
import { labeledRow, type StyledRow } from '../styled-row.ts';
import { fitTo } from '../text/fit.ts';
import { STATUS_DISPLAY } from '../theme.ts';
import { formatClockTime } from '../time/format-clock-time.ts';
import { formatRunDuration } from '../time/format-duration.ts';
import type { DetailSection } from './detail-rows.ts';

const MAX_RUNS = 5;

/** The last runs, newest first: how each ended, when, how long it took, what it found, who asked for it. */
export const pastRunRows: DetailSection = ({ row, now, timezone, columns }) => {
  const runs = row.history.slice(-MAX_RUNS).reverse();
  return runs.map((run, at): StyledRow => {
    const { icon, word, style } = STATUS_DISPLAY[run.status];
    const when = formatClockTime(run.startedAt ?? run.queuedAt, now, timezone);
    const took = run.durationMs === null ? '' : formatRunDuration(run.durationMs);
    const items = run.startedAt === null ? '' : formatShortCount(run.items);
    const cells = [fitTo(when, 10), fitTo(took, 7, 'right'), fitTo(items, 6, 'right')].join('');
    return labeledRow(
      at === 0 ? 'Last runs' : '',
      columns,
      { text: fitTo(`${icon} ${word}`, 12), style },
      { text: cells, style: 'plain' },
      {
        text: `  ${run.errorKind ?? run.trigger.replace('_', ' ')}`,
        style: run.errorKind === null ? 'faint' : 'bad',
      },
    );
  });
};
