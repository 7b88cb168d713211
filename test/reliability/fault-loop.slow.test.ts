import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src/core/workspace.ts';
import { bundleFixture } from '../fixtures/bundle-fixture.ts';
import { OPERATIONS } from '../fixtures/fault-operations.ts';
import { tempFolderInMemory } from '../temp-folder.ts';
import { openTempWorkspace } from '../temp-workspace.ts';

/**
 * `all` tries each of seven faults at each call, and ends a process at each; with `turns` faults take turns, and without
 * either they do so at every seventh call.
 */
const MODE = process.env['QS_FAULTS'] ?? 'some';
/** Every fault at every call of one operation takes minutes, on a busy machine far more. */
const MAX_MS = MODE === 'all' ? 3_600_000 : 600_000;
/** So many processes are ended per operation, at random calls. */
const CRASHES = { all: Number.POSITIVE_INFINITY, turns: 4 }[MODE] ?? 2;
/** What is done to whole homes: opening one, one of an older version, ones with a damaged database. */
const HOMES = [
  ...['open', 'migrate', 'snapshot'],
  ...['replaceDamaged', 'replaceWithDamagedSnapshot', 'replaceWithBadWal', 'replaceWithoutSnapshot'],
];
const run = promisify(execFile);
const preloads = ['faulty-fs.mjs', 'faulty-sql.mjs'].flatMap((name) => [
  '--import',
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)),
]);

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

/** Carries out operations in a process of its own; what it prints, or the signal that ended it. */
async function runOperation(folder: string, ...args: string[]): Promise<string> {
  return run(process.execPath, [...preloads, fixture.file, folder, ...args], { maxBuffer: 64 << 20 }).then(
    ({ stdout }) => stdout,
    (error: Error & { signal?: string }) => {
      if (error.signal) return error.signal;
      throw error;
    },
  );
}

/** A folder with an empty home of each operation. */
function emptyHomes(operations: readonly string[]): string {
  const folder = tempFolderInMemory();
  for (const name of operations) mkdirSync(join(folder, name), { mode: 0o700 });
  return folder;
}

/** Faults at the calls of a kind, operation by operation; those that are few share a process, which takes its time to start. */
function whatFaultsShow(operations: readonly string[], kind: 'files' | 'statements') {
  const loop = async (some: readonly string[]) =>
    JSON.parse(await runOperation(emptyHomes(some), some.join(','), MODE, kind)) as Record<string, Found>;
  let shared: Promise<Record<string, Found>> | undefined;
  it.each(operations)(
    '%s',
    async (operation) => {
      if (MODE === 'some') shared ??= loop(operations);
      const found = (await (shared ?? loop([operation])))[operation];
      cases += found?.cases ?? 0;
      expect(found?.findings).toEqual([]);
      expect(found?.cases).toBeGreaterThan(0);
    },
    MAX_MS,
  );
}

describe('whichever file call fails, once or for ever, the old or the whole new content is there, and success is true', () => {
  const operations = [
    ...['create', 'update', 'delete', 'restore', 'copyRuntime', 'saveConfig', 'setSetting', 'importBundle'],
    ...['replaceCsv', 'replaceJson', 'replaceJsonl', 'appendCsv', 'appendJson', 'appendJsonl'],
    ...['createExcel', 'replaceExcel', 'createDatabase', 'replaceTable', 'appendTable'],
    ...['runFolder', 'staging', 'claim', 'outcome', 'list', 'showRun', 'lease'],
    ...['sweepTrash', 'sweep', 'retention', 'rotate', 'cap'],
    ...HOMES,
  ];
  whatFaultsShow(operations, 'files');
});

describe('whichever SQL statement fails, once or for ever, all of a change is there or nothing, and success is true', () => {
  const operations = [
    ...['create', 'update', 'delete', 'restore', 'copyRuntime', 'setSetting', 'importBundle', 'list'],
    ...['claim', 'outcome', 'retention', 'sweep', 'lease'],
    ...['createDatabase', 'replaceTable', 'appendTable'],
    ...HOMES,
  ];
  whatFaultsShow(operations, 'statements');
});

describe('a process that ends at any of its file calls or statements leaves the old or the whole new content, and nothing else after the next write', () => {
  it.each([
    ...['create', 'update', 'delete', 'restore', 'setSetting'],
    ...['claim', 'outcome', 'lease', 'sweepTrash', 'sweep', 'retention', 'rotate'],
    ...HOMES,
  ])(
    '%s',
    async (name) => {
      const folder = emptyHomes([name]);
      const home = join(folder, name);
      const calls = Number(JSON.parse(await runOperation(folder, name, 'count'))[name]);
      const points = Array.from({ length: calls }, (_, at) => at + 1);
      while (points.length > CRASHES) points.splice(Math.floor(Math.random() * points.length), 1);
      expect(points.length).toBeGreaterThan(1);
      for (const at of points) {
        const ended = await runOperation(folder, name, 'crash', String(at));
        // A look at the file that is due each quarter of a second is a call more on a slow machine, or one fewer.
        if (ended !== 'SIGKILL' && JSON.parse(ended)[name] < at) continue;
        const state = ended === 'SIGKILL' ? await stateAfterCrash(home, name, at) : ended;
        expect({ at, state: ['old', 'new', 'either'].includes(state) || state }).toEqual({ at, state: true });
        cases += 1;
      }
      const workspace = openTempWorkspace({ home });
      const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
      await workspace.jobs.create({ id: 'last', fields: { config_name: 'books', schedule } }, 'library');
      const files = readdirSync(home, { recursive: true }).map(String);
      expect(files.filter((file) => file.endsWith('.tmp'))).toEqual([]);
    },
    MAX_MS,
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
