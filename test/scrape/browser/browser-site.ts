import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { findBrowser } from '../../../src/core/process/find-browser.ts';
import { listProcesses, readProcessEnv } from '../../../src/core/process/process-table.ts';

/** Why tests with a real browser cannot be made here; undefined when they can. */
export const noBrowserHere = (() => {
  const found = findBrowser();
  return 'missing' in found ? found.missing : undefined;
})();

/** A page whose script puts what it finds out into the row. @param script an async function's body; its result is the row */
export function reporting(script: string): string {
  return `<!DOCTYPE html><title>page</title><div id="out"></div><script>
(async () => { ${script} })().then(String, String).then((text) => {
  out.innerHTML = '<p class="row"></p>';
  out.firstChild.textContent = text;
});
</script>`;
}

/**
 * The processes of browsers whose profile lies below that path: those that were started with it, and their groups, since
 * Chromium's children hide their environment. Linux only.
 */
export function browserProcesses(path: string): number[] {
  const table = listProcesses();
  const groups = new Set(
    table.flatMap(({ pid, group }) => (readProcessEnv(pid, 'TMPDIR')?.startsWith(path) ? [group] : [])),
  );
  return table.filter(({ group }) => groups.has(group)).map(({ pid }) => pid);
}

/** How many sockets of the internet a process has, connected or listening. Linux only. */
export function internetSockets(pid: number): number {
  const known = new Set(
    ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) =>
      readFileSync(`/proc/${pid}/net/${kind}`, 'latin1')
        .split('\n')
        .slice(1)
        .flatMap((line) => line.trim().split(/\s+/)[9] ?? []),
    ),
  );
  return socketsOf(pid).filter((inode) => known.has(inode)).length;
}

function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}
