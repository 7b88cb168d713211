import { shortCount } from '../jobs/change-words.ts';
import { type LookRow, labelled } from '../look-row.ts';
import { fitTo } from '../text/fit.ts';
import { FACES } from '../theme.ts';
import { clockWords } from '../time/clock-words.ts';
import { tookWords } from '../time/time-words.ts';
import type { DetailSection } from './detail-rows.ts';

const MOST_RUNS = 5;

/** The last runs, newest first: how each ended, when, how long it took, what it found, who asked for it. */
export const pastRunRows: DetailSection = ({ row, now, timezone, columns }) => {
  const runs = row.history.slice(-MOST_RUNS).reverse();
  return runs.map((run, at): LookRow => {
    const { icon, word, look } = FACES[run.status];
    const when = clockWords(run.startedAt ?? run.queuedAt, now, timezone);
    const took = run.durationMs === null ? '' : tookWords(run.durationMs);
    const items = run.startedAt === null ? '' : shortCount(run.items);
    const cells = [fitTo(when, 10), fitTo(took, 7, 'right'), fitTo(items, 6, 'right')].join('');
    return labelled(
      at === 0 ? 'Last runs' : '',
      columns,
      { text: fitTo(`${icon} ${word}`, 12), look },
      { text: cells, look: 'plain' },
      {
        text: `  ${run.errorKind ?? run.trigger.replace('_', ' ')}`,
        look: run.errorKind === null ? 'faint' : 'bad',
      },
    );
  });
};
