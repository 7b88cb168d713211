import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPeer } from './bundled-peer.mjs';
import { bytes } from './dashboard/bytes.mjs';
import { idle } from './dashboard/idle.mjs';
import { items } from './dashboard/items.mjs';
import { keys } from './dashboard/keys.mjs';
import { start } from './dashboard/start.mjs';
import { jobHome } from './job-home.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/**
 * The dashboard in a pseudo-terminal of 120 × 40 with homes of three sizes, beside Ink's least full-screen program on its own
 * writer, bundled like ours, and at its start beside Node alone.
 */
export async function dashboard({ rounds, isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  // The preferences of whoever measures are his own.
  const { XDG_STATE_HOME, XDG_CONFIG_HOME } = process.env;
  Object.assign(process.env, { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder });
  const homes = [];
  try {
    for (const jobs of isSmoke ? [20, 60] : [100, 1_000, 10_000]) {
      const home = await jobHome(jobs);
      homes.push({ jobs, home, args: [PROGRAM, 'tui', '--home', home] });
    }
    const peer = [await bundledPeer('bare-ink', folder)];
    return [
      ...(await start(homes, peer, rounds)),
      // The longest wait, until each is quiet: all else is measured meanwhile.
      ...(await idle(homes, peer, {
        isSmoke,
        meanwhile: async () => [
          ...(await keys(homes, peer, { rounds, isSmoke })),
          ...(await items({ args: [PROGRAM], rounds, isSmoke })),
          ...(await bytes(homes, [await bundledPeer('bare-ink-screen', folder)], { isSmoke, folder })),
        ],
      })),
    ];
  } finally {
    for (const [name, before] of Object.entries({ XDG_STATE_HOME, XDG_CONFIG_HOME }))
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    for (const each of [folder, ...homes.map(({ home }) => home)])
      rmSync(each, { recursive: true, force: true });
  }
}
