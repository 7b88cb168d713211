import { Pty } from '../pty.mjs';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { atMost } from '../verdict.mjs';
import { LISTED, PEER, PEER_SHOWN, row } from './screen.mjs';

const LIMIT_MS = 500;
const WHY =
  'Node and Ink take what stands beside; the rest is the program around it, which is loaded before its first frame, and the frame itself.';

/** From the start until the first frame is there, and until the jobs are. */
export async function start(homes, peer, rounds = 5) {
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
    { name: PEER, ...shown(ink) },
    { name: 'node -e 0', ...shown(node) },
  ];
  const of = (at) => times.slice(0, homes.length).map((all) => spreadOf(all.map((each) => each[at])));
  const [frames, lists] = [of(0), of(1)];
  const rows = (what, figures) =>
    homes.map(({ jobs }, index) => {
      const us = figures[index];
      const name = `dashboard, start to ${what}, ${jobs.toLocaleString('en')} jobs`;
      return row(name, 'ms', shown(us), peers, { ours: us.median, theirs: ink.median });
    });
  const first = rows('the first frame', frames);
  const most = first[homes.length - 1];
  Object.assign(most, atMost(frames.at(-1).median, LIMIT_MS, { unit: 'ms', why: WHY }));
  return [...first, ...rows('the list', lists)];
}
