import { growth } from '../growth.mjs';
import { Pty } from '../pty.mjs';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { LISTED, PEER_SHOWN, row } from './screen.mjs';

const LIMIT_MS = 500;

/** From the start until the first frame is there, and until the jobs are. */
export async function start(homes, peer, rounds = 7) {
  const until =
    (program, ...texts) =>
    async () => {
      const started = performance.now();
      const pty = new Pty(program);
      const times = [];
      for (const text of texts) {
        await pty.seen(text);
        times.push(performance.now() - started);
      }
      if (texts.length > 0) await pty.end();
      else {
        await pty.over();
        times.push(performance.now() - started);
      }
      return times;
    };
  const rivals = [
    ...homes.map(({ args }) => until(args, 'Jobs', LISTED)),
    until(peer, PEER_SHOWN),
    until(['-e', '0']),
  ];
  const times = await inTurn(rivals, rounds);
  const [ink, node] = times.slice(homes.length).map((all) => spreadOf(all.map(([time]) => time)));
  const peers = [
    { name: 'bare Ink', ...shown(ink) },
    { name: 'node -e 0', ...shown(node) },
  ];
  const of = (at) => times.slice(0, homes.length).map((all) => spreadOf(all.map((each) => each[at])));
  const [frames, lists] = [of(0), of(1)];
  const most = homes.at(-1).jobs.toLocaleString('en');
  const beside = (name, us, limit) => row(name, 'ms', shown(us), peers, us.median / ink.median, limit);
  return [
    beside(`dashboard, start to the first frame with ${most} jobs`, frames.at(-1), LIMIT_MS),
    ...homes.map(({ jobs }, index) =>
      beside(`dashboard, start to the list of ${jobs.toLocaleString('en')} jobs`, lists[index]),
    ),
    growth(
      'dashboard, start to the list',
      homes.map(({ jobs }, index) => ({ n: jobs, cost: lists[index].median })),
    ),
  ];
}
