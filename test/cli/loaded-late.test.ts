import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommandContext } from '../../src/cli/context/context.ts';
import { VERSION } from '../../src/core/lib/program.ts';
import { OPERATIONS, type OperationName } from '../../src/core/operations/operations.ts';
import { openWorkspace } from '../../src/core/workspace.ts';
import { quickscrape } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { inProcess } from './in-process.ts';

/** Says on stderr, at the end, which packages and modules of Node were loaded. */
const TRACE = `data:text/javascript,${encodeURIComponent(`
  import module from 'node:module';
  process.on('exit', () => {
    const own = process.moduleLoadList.filter((each) => each.startsWith('NativeModule ')).map((each) => each.slice(13));
    process.stderr.write('loaded ' + JSON.stringify([...Object.keys(module._cache), ...own]));
  });
`)}`;

/** A home with one job. */
async function homeWithJob(): Promise<string> {
  const home = join(tempFolder(), 'home');
  const workspace = openWorkspace({ home, actor: 'library' });
  try {
    await workspace.jobs.create(
      {
        id: 'prices',
        fields: {
          config_name: 'shop',
          schedule: { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
        },
      },
      'library',
    );
    workspace.jobs.list();
  } finally {
    workspace.close();
  }
  return home;
}

describe('what only looks', () => {
  it.each([
    ['job', 'list'],
    ['job', 'list', '--status', 'failed', '--json'],
    ['job', 'show', 'prices'],
    ['job', 'history', 'prices'],
    ['scheduler', 'status'],
  ])('quickscrape %s %s loads nothing to check with', async (...args) => {
    const home = await homeWithJob();
    const { code, stderr } = await quickscrape(args, { home, env: { NODE_OPTIONS: `--import ${TRACE}` } });
    // No scheduler runs.
    expect(code).toBe(args[0] === 'scheduler' ? 1 : 0);
    const loaded: string[] = JSON.parse(/loaded (.*)$/.exec(stderr)?.[1] ?? '');
    const names = loaded.map((each) => basename(each));
    expect(loaded).toContainEqual(expect.stringMatching(/libsql.index\.js$/));
    for (const late of ['zod.cjs', 'lru-cache.cjs', 'yaml.cjs', 'croner.cjs'])
      expect(names).not.toContain(late);
  });
});

it('--version --json says how the program is installed and what it can use, and loads none of it', async () => {
  const home = join(tempFolder(), 'home');
  const env = { NODE_OPTIONS: `--import ${TRACE}`, QUICKSCRAPE_BROWSER: process.execPath };
  const { code, stdout, stderr } = await quickscrape(['--version', '--json'], { home, env });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    version: VERSION,
    build: expect.stringMatching(/^\d+\.\d+\.\d+\+[0-9a-f]{8}$/),
    installed: 'clone',
    command: 'quickscrape',
    node: process.versions.node,
    node_path: process.execPath,
    platform: process.platform,
    arch: process.arch,
    features: {
      sqlite: expect.stringMatching(/^@libsql\/\S+ \d/),
      browser: process.execPath,
      redis: true,
    },
  });
  expect(stderr).toMatch(/loaded /);
  expect(stderr).not.toMatch(/libsql.index\.js|\.node"/);
  expect(existsSync(home)).toBe(false);
});

describe('what a command checks itself', () => {
  const carried: [OperationName, unknown][] = [];
  beforeEach(() => {
    const { invoke } = CommandContext.prototype;
    vi.spyOn(CommandContext.prototype, 'invoke').mockImplementation(function (
      this: CommandContext,
      name,
      input,
    ) {
      carried.push([name, input]);
      return invoke.call(this, name, input) as never;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    carried.length = 0;
  });

  it('is what the operation would make of it, with each flag and without', async () => {
    const home = await homeWithJob();
    for (const args of [
      ['job', 'list'],
      ['job', 'list', '--limit', '1'],
      ['job', 'list', '--limit', '1000', '--query', '', '--tag', 'x', '--config', 'shop'],
      ...['pending', 'running', 'completed', 'failed', 'invalid'].map((status) => [
        'job',
        'list',
        '--status',
        status,
      ]),
      ['job', 'show', 'pri'],
      ['job', 'history', 'prices'],
      ['job', 'history', 'pri', '--limit', '1000', '--since', '2026-11-01', '--status', 'abandoned'],
      ['scheduler', 'status'],
    ])
      expect(await inProcess(args, home)).toMatchObject({ code: args[0] === 'scheduler' ? 1 : 0 });
    expect(new Set(carried.map(([name]) => name))).toEqual(
      new Set(['list_jobs', 'get_job', 'list_messages', 'list_runs', 'get_scheduler']),
    );
    for (const [name, input] of carried)
      expect((await OPERATIONS[name]()).input.parse(input), name).toEqual(input);
  });

  it('is refused by the flag where the operation would', async () => {
    const home = await homeWithJob();
    for (const args of [
      ['job', 'list', '--limit', '0'],
      ['job', 'list', '--limit', '1001'],
      ['job', 'list', '--limit', '1.5'],
      ['job', 'list', '--status', 'done'],
      ['job', 'history', 'prices', '--limit', '1001'],
      ['job', 'history', 'prices', '--status', 'done'],
      ['job', 'history', 'prices', '--since', 'yesterday'],
    ])
      expect(await inProcess(args, home), args.join(' ')).toMatchObject({ code: 2 });
    for (const args of [
      ['job', 'show', ''],
      ['job', 'history', ''],
    ])
      expect((await inProcess(args, home)).code, args.join(' ')).not.toBe(0);
  });
});
