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
const BROWSER = new URL('../test/fixtures/preload/browser.js', import.meta.url).href;
const GRACE_MS = 1_000;
/** What the promise allows beside the grace, in milliseconds. */
const ALLOWED_MS = 1_000;
const WHY =
  'Whoever does not listen is left alone for the grace; beyond it are the request, the kill and the end of what is killed.';

/**
 * From `job cancel` to the end of everything that the run had started: a browser and its renderer that do not listen
 * to SIGTERM. The command's own start, which is measured beside it, does not count.
 */
export async function cancel({ rounds = 5 }) {
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
    const cancelled = async () => {
      const folder = mkdtempSync(join(home, 'pids-'));
      const { stdout } = await qs(['job', 'run', 'slow', '--background'], {
        NODE_OPTIONS: `--import=${BROWSER}`,
        QS_TEST_FOLDER: folder,
      });
      const pids = [await pidIn(join(folder, 'browser')), await pidIn(join(folder, 'renderer'))];
      return elapsed(async () => {
        await qs(['job', 'cancel', JSON.parse(stdout).run.run_id]);
        while (pids.some(isThere)) await delay(5);
      });
    };
    const [ours, start] = await spreads(
      [cancelled, () => elapsed(() => qs(['job', 'show', 'slow']))],
      rounds,
    );
    const net = ours.median - start.median;
    return [
      {
        name: 'cancel a run whose browser does not listen, all gone',
        ours: Math.round(net),
        unit: 'ms',
        peers: [
          { name: 'the grace', value: GRACE_MS },
          { name: 'with the command’s start', ...shown(ours) },
        ],
        ...ratioTo('the grace', net, GRACE_MS),
        ...atMost(net, GRACE_MS + ALLOWED_MS, { unit: 'ms', why: WHY }),
      },
    ];
  } finally {
    site.closeAllConnections();
    site.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function pidIn(file) {
  for (;;) {
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (pid > 0) return pid;
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
