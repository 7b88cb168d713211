import { readFileSync } from 'node:fs';
import { listProcesses } from '../../core/process/process-table.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** What all of a browser's processes may hold together of their own, in MiB: a page takes 150 to 400. */
const MAX_MIB = 2_048;
const CHECK_INTERVAL_MS = 1_000;

/**
 * Looks after the memory of a browser, where the system tells of it (Linux).
 * @param group its process group
 * @param onTooMuch called once
 * @returns what ends that
 */
export function monitorMemory(group: number, onTooMuch: (error: ScrapeError) => void): () => void {
  if (process.platform !== 'linux') return () => undefined;
  const timer = setInterval(() => {
    const usedMib = measureGroupMemory(group);
    if (usedMib <= MAX_MIB) return;
    clearInterval(timer);
    onTooMuch(
      new ScrapeError('too_large', `the browser took more than ${MAX_MIB} MiB of memory and was ended`, {
        hint: 'A script of the page fills it. Load less of the page: max_clicks or max_scrolls under pagination.',
      }),
    );
  }, CHECK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** What the processes of a group hold that is not shared with others, in MiB. Linux only. */
export function measureGroupMemory(group: number): number {
  const members = listProcesses().filter((entry) => entry.group === group);
  return members.reduce((sum, { pid }) => sum + measurePrivateMemory(pid), 0) / 1024;
}

/** In KiB; 0 for a process that is gone. */
function measurePrivateMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const sizes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB/gm)];
    return sizes.reduce((sum, [, size]) => sum + Number(size), 0);
  } catch {
    return 0;
  }
}
