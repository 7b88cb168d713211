import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { ratioTo } from '../verdict.mjs';
import { said } from './opening.mjs';
import { watching } from './watching.mjs';

const PEER = 'chokidar alone';

/** From being asked, as a running process with the home open, until changes are reported: `subscribe` of `quickscrape rpc`. */
export async function watchStart(homes, rounds) {
  const rows = [];
  for (const { jobs, home } of homes) {
    const start = (who) => async () => {
      const { client, took } = await watching(who, home);
      await client.end();
      return took;
    };
    // A round with the most of them takes twelve seconds, most of it chokidar's.
    const most = jobs > 10_000 ? 1 : 5;
    const [us, chokidar] = (
      await inTurn([start('ours'), start('chokidar')], Math.min(rounds ?? most, most))
    ).map(spreadOf);
    const { value, spread } = shown(us);
    rows.push({
      name: `watch ${said(jobs)} job files, until changes are reported`,
      ours: value,
      spread,
      unit: 'ms',
      peers: [{ name: PEER, ...shown(chokidar) }],
      ...ratioTo(PEER, us.median, chokidar.median),
    });
  }
  return rows;
}
