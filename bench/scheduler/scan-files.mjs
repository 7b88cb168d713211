import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { ratioTo } from '../verdict.mjs';
import { bundledCore } from './bundled-core.mjs';

const PEER = 'readdir and an lstat each';

/**
 * What one look at all job files of a home takes of a processor: a running scheduler has one every half a minute. Through the
 * library's own core, against the system calls alone.
 *
 * @param homes `{ jobs, home }` each
 * @returns the rows, and of each number of jobs the milliseconds
 */
export async function look(homes, { rounds = 3 }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  try {
    const { JobFiles, FileSnapshot } = await bundledCore(folder);
    const found = [];
    for (const { jobs, home } of homes) {
      const files = join(home, 'jobs');
      const jobFiles = new JobFiles(files);
      const book = new FileSnapshot({
        ids: () => jobFiles.names(),
        stamp: (id) => jobFiles.stamp(id),
      });
      const ours = () => cpuMs(() => check(book.compareAll().length, 0));
      const floor = () =>
        cpuMs(() => check(readdirSync(files).map((name) => lstatSync(join(files, name))).length, jobs));
      const [us, peer] = (await inTurn([ours, floor], rounds + 1)).map((all) => spreadOf(all.slice(1)));
      found.push({ jobs, us, peer });
    }
    return {
      rows: found.map(row),
      msOf: new Map(found.map(({ jobs, us }) => [jobs, us.median])),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function row({ jobs, us, peer }) {
  const { value, spread } = shown(us, 1);
  return {
    name: `scheduler, a look at all ${jobs.toLocaleString('en')} job files`,
    ours: value,
    spread,
    unit: 'ms of CPU',
    peers: [{ name: PEER, ...shown(peer, 1) }],
    ...ratioTo(PEER, us.median, peer.median),
  };
}

function cpuMs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function check(found, expected) {
  if (found !== expected) throw new Error(`a look at all job files found ${found}, not ${expected}`);
}
