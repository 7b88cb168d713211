import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Everything temporary goes into one folder from now on, and however this process ends (by itself, by an error, interrupted),
 * the folder goes with it, and so does every program that was started meanwhile: thousands of a peer's jobs, or a scheduler
 * that starts a run every few seconds, would go on for ever.
 */
export function cleanUpOnExit() {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  // Programs inherit it, also those in a process group or a session of their own: by it they are told from others.
  process.env.TMPDIR = folder;
  process.once('exit', () => {
    endThoseOf(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

/** Until there is none: one that ends may have started another just before. */
function endThoseOf(folder) {
  for (let left = 10; left > 0; left -= 1) {
    const found = programsIn(folder);
    for (const pid of found) kill(pid);
    if (found.length === 0) return;
  }
}

/** The processes that were started with a temporary folder. Linux only, as some figures are. */
function programsIn(folder) {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(`TMPDIR=${folder}`));
  } catch {
    return [];
  }
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return [];
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
