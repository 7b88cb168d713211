import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openWorkspace } from '../../src/core/workspace.ts';
import { bundleFixture } from '../fixtures/bundle-fixture.ts';
import { OPERATIONS } from '../fixtures/fault-operations.ts';
import { tempFolderInMemory } from '../temp-folder.ts';

/** `all` tries each of seven faults at each call; without it they take turns. */
const EACH = process.env['QS_FAULTS'] ?? 'turns';
const run = promisify(execFile);
const preload = fileURLToPath(new URL('../fixtures/faulty-fs.mjs', import.meta.url));

let fixture: Awaited<ReturnType<typeof bundleFixture>>;
let cases = 0;

beforeAll(async () => {
  fixture = await bundleFixture('fault-loop');
});
afterAll(() => {
  fixture.remove();
  process.stderr.write(`fault loop: ${cases} cases\n`);
});

interface Found {
  cases: number;
  findings: string[];
}

async function loop(home: string, operation: string): Promise<Found> {
  mkdirSync(home, { mode: 0o700 });
  const { stdout } = await run(process.execPath, ['--import', preload, fixture.file, home, operation, EACH]);
  return JSON.parse(stdout) as Found;
}

describe('whichever file call fails, once or for ever, the old or the whole new content is there, and success is true', () => {
  it.each([
    ...['create', 'update', 'delete', 'restore', 'copyRuntime', 'saveConfig', 'setSetting', 'importBundle'],
    ...['replaceCsv', 'replaceJson', 'replaceJsonl', 'appendCsv', 'appendJson', 'appendJsonl'],
    ...['runFolder', 'staging', 'sweepTrash', 'retention', 'list'],
  ])(
    '%s',
    async (operation) => {
      const found = await loop(join(tempFolderInMemory(), 'home'), operation);
      cases += found.cases;
      expect(found.findings).toEqual([]);
      expect(found.cases).toBeGreaterThan(1);
    },
    120_000,
  );
});

/** QS_CRASHES=all ends a process at each call; without it at every fifth one, from a random one on. */
const STEP = process.env['QS_CRASHES'] === 'all' ? 1 : 5;

describe('a process that ends at any of its file calls leaves the old or the whole new content, and nothing else after the next write', () => {
  it.each(['create', 'update', 'delete', 'restore', 'setSetting'])(
    '%s',
    async (name) => {
      const home = join(tempFolderInMemory(), 'home');
      mkdirSync(home, { mode: 0o700 });
      const states: string[] = [];
      for (let at = 1 + Math.floor(Math.random() * STEP); states.at(-1) !== 'end'; at += STEP) {
        const args = ['--import', preload, fixture.file, home, name, `crash ${at}`];
        const told = await run(process.execPath, args).then(
          ({ stdout }) => stdout,
          ({ signal }: { signal: string }) => signal,
        );
        states.push(told === 'SIGKILL' ? await stateAfterCrash(home, name, at) : told);
        expect(at).toBeLessThan(100);
      }
      const workspace = openWorkspace({ home, actor: 'library' });
      onTestFinished(() => workspace.close());
      const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
      await workspace.jobs.create({ id: 'last', fields: { config_name: 'books', schedule } }, 'library');
      expect(states.filter((state) => !['old', 'new', 'end'].includes(state))).toEqual([]);
      expect(states.length).toBeGreaterThan(2);
      const files = readdirSync(home, { recursive: true }).map(String);
      expect(files.filter((file) => file.endsWith('.tmp'))).toEqual([]);
    },
    120_000,
  );
});

async function stateAfterCrash(home: string, name: string, at: number): Promise<string> {
  const workspace = openWorkspace({ home, actor: 'library' });
  try {
    return (await OPERATIONS[name]?.(workspace, at, true))?.look(workspace) ?? 'no such operation';
  } finally {
    workspace.close();
  }
}
