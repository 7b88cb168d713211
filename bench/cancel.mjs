import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { elapsed, shown, spreads } from './rounds.mjs';
import { atMost, ratioTo } from './verdict.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const TREE = new URL('peers/deaf-tree.mjs', import.meta.url).href;
/** Of the browser: itself and its renderers. */
const PROCESSES = [2, 50];
const GRACE_MS = 1_000;
/** What the promise allows beside the grace, in milliseconds. */
const ALLOWED_MS = 1_000;
const WHY =
  'Whoever does not listen is left alone for the grace; beyond it are the request, the kill and the end of what is killed.';

/**
 * From `job cancel` to the end of everything that the run had started: a browser and its renderers that do not listen
 * to SIGTERM. The command's own start, which is measured beside it, does not count.
 */
export async function cancel({ rounds = 5, isSmoke }) {
  const sizes = isSmoke ? [2, 4] : PROCESSES;
  const home = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  // Answers nobody, so that the run goes on until it is cancelled.
  const site = createServer(() => {});
  await new Promise((listening) => site.listen(0, '127.0.0.1', listening));
  const qs = (args, env = {}) =>
    promisify(execFile)(process.execPath, [PROGRAM, ...args, '--home', home, '--json'], {
      env: { ...process.env, ...env },
    });
  try {
    mkdirSync(join(home, 'configs'), { recursive: true });
    writeFileSync(
      join(home, 'configs', 'slow.yaml'),
      `url: http://127.0.0.1:${site.address().port}/\nitem: li\nselectors: { name: b }\n`,
    );
    await qs(['config', 'set', 'run_grace', String(GRACE_MS / 1000)]);
    await qs(['job', 'create', '--config', 'slow', '--schedule', 'daily', '--at', '09:00', '--id', 'slow']);
    const cancelled = (processes) => async () => {
      const file = join(mkdtempSync(join(home, 'pids-')), 'pids');
      const { stdout } = await qs(['job', 'run', 'slow', '--background'], {
        NODE_OPTIONS: `--import=${TREE}`,
        PIDS_FILE: file,
        PROCESSES: String(processes),
      });
      const pids = await pidsIn(file, processes);
      return elapsed(async () => {
        await qs(['job', 'cancel', JSON.parse(stdout).run.run_id]);
        while (pids.some(isThere)) await delay(5);
      });
    };
    const [few, ...more] = sizes.map(cancelled);
    const [start, first] = await spreads([() => elapsed(() => qs(['job', 'show', 'slow'])), few], rounds);
    // Of each the grace is most, which varies little.
    const figures = [first, ...(await spreads(more, Math.min(2, rounds)))];
    return sizes.map((processes, index) => row(processes, figures[index], start));
  } finally {
    site.closeAllConnections();
    site.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function row(processes, ours, start) {
  const net = ours.median - start.median;
  return {
    name: `cancel a run whose browser of ${processes} processes does not listen, all gone`,
    ours: Math.round(net),
    unit: 'ms',
    peers: [
      { name: 'the grace', value: GRACE_MS },
      { name: 'with the command’s start', ...shown(ours) },
    ],
    ...ratioTo('the grace', net, GRACE_MS),
    ...atMost(net, GRACE_MS + ALLOWED_MS, { unit: 'ms', why: WHY, from: 'own' }),
  };
}

/** The numbers of so many processes, once all of them have written theirs. */
async function pidsIn(file, processes) {
  for (;;) {
    const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
    if (pids.length === processes) return pids;
    await delay(20);
  }
}

/** A zombie is gone: how soon the system collects it is not ours. */
function isThere(pid) {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
