import { growth } from '../growth.mjs';
import { inTurn, round, shown, spreadOf } from '../rounds.mjs';
import { said } from './opening.mjs';
import { watching } from './watching.mjs';

/** From being asked, as a running process with the home open, until changes are told: `subscribe` of `quickscrape rpc`. */
export async function watchStart(homes, rounds) {
  const [rows, points] = [[], []];
  for (const { jobs, home } of homes) {
    const start = (who) => async () => {
      const { client, took } = await watching(who, home);
      await client.end();
      return took;
    };
    const most = jobs > 10_000 ? 1 : 3;
    const [us, chokidar] = (
      await inTurn([start('ours'), start('chokidar')], Math.min(rounds ?? most, most))
    ).map(spreadOf);
    const { value, spread } = shown(us);
    rows.push({
      name: `watch ${said(jobs)} job files, until changes are told`,
      ours: value,
      spread,
      unit: 'ms',
      peers: [{ name: 'chokidar alone', ...shown(chokidar) }],
      ratio: round(us.median / chokidar.median),
    });
    points.push({ n: jobs, cost: us.median });
  }
  return [...rows, growth('watch job files', points)];
}
