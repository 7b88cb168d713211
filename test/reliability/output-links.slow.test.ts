import {
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { requestRun } from '../../src/core/execution/request-run.ts';
import { exportItems } from '../../src/scrape/output/export-items.ts';
import { it } from '../extend.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

/** Runs the job; once it fetches, does `meanwhile`, and lets it go on to its end. */
async function runWhile(output_path: string, meanwhile: (home: string) => void) {
  const site = await gatedSite();
  site.hold();
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  const home = await scheduledHome(gatedConfig(site.url), { schedule, output_path, max_retries: 0 });
  await requestRun(home.workspace, home.jobId);
  await waitFor('the page to be asked for', () => site.hits() > 0);
  meanwhile(home.workspace.paths.home);
  site.open();
  return home.runThat(['succeeded', 'failed']);
}

it.skipIf(lacks('links')).each([
  ['a file of the home', (home: string) => join(home, 'configs', 'source.yaml')],
  ['a file elsewhere', () => join(tempFolder(), 'precious')],
])('a link put in the output’s place while the run fetches leads it nowhere: %s', async (_, place) => {
  let target = '';
  let before = '';
  const run = await runWhile('rows.csv', (home) => {
    target = place(home);
    if (!existsSync(target)) writeFileSync(target, 'precious');
    before = readFileSync(target, 'utf8');
    symlinkSync(target, join(home, 'output', 'rows.csv'));
  });
  expect(run).toMatchObject({ status: 'failed', error: { kind: 'invalid_params' } });
  expect(run.error?.message).toContain('output_path');
  expect(readFileSync(target, 'utf8')).toBe(before);
});

it.skipIf(lacks('links'))(
  'a link put in the place of its folder while the run fetches leads it nowhere',
  async ({ folder: elsewhere }) => {
    const run = await runWhile('sub/rows.csv', (home) => symlinkSync(elsewhere, join(home, 'output', 'sub')));
    expect(run).toMatchObject({ status: 'failed', error: { kind: 'invalid_params' } });
    expect(readdirSync(elsewhere)).toEqual([]);
  },
);

// Only the administrator can give a link to somebody else.
it.runIf(process.geteuid?.() === 0)(
  'a link that another user put where an output is to go is not written over',
  async ({ folder: shared }) => {
    const precious = join(tempFolder(), 'precious');
    writeFileSync(precious, 'precious');
    const file = join(shared, 'rows.csv');
    const run = await runWhile(file, () => {
      symlinkSync(precious, file);
      lchownSync(file, 4711, 4711);
    });
    expect(run).toMatchObject({ status: 'failed', error: { kind: 'invalid_params' } });
    expect(run.error?.message).toContain('another user');
    expect(readFileSync(precious, 'utf8')).toBe('precious');
  },
);

it.skipIf(lacks('links'))(
  'whether an output may be written is asked once more right before it takes its place',
  async ({ folder }) => {
    const elsewhere = tempFolder();
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(elsewhere, 'rows.csv'), 'precious');
    writeFileSync(join(folder, 'items.jsonl'), '{"a":1}\n');
    let asked = 0;
    const swapAtLast = () => {
      asked += 1;
      if (readdirSync(join(folder, 'out')).length === 0) return;
      rmSync(join(folder, 'out'), { recursive: true });
      symlinkSync(elsewhere, join(folder, 'out'));
      throw new Error('a link is there now');
    };
    const options = { format: 'csv', append: false, delimiter: ',', fields: ['a'] } as const;
    const file = join(folder, 'out', 'rows.csv');
    const stagingFile = join(folder, 'items.jsonl');
    const { signal } = new AbortController();
    await expect(
      exportItems({ ...options, file, stagingFile, signal, mayWrite: swapAtLast }),
    ).rejects.toThrow('a link is there now');
    expect(asked).toBe(3);
    expect(readdirSync(elsewhere)).toEqual(['rows.csv']);
    expect(readFileSync(join(elsewhere, 'rows.csv'), 'utf8')).toBe('precious');
  },
);
