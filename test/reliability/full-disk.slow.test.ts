import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { requestRun, waitForRun } from '../../src/core/execution/request-run.ts';
import { exportItems } from '../../src/scrape/output/export-items.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { quickscrape } from '../program.ts';
import { canMount, smallDisk } from '../small-disk.ts';
import { tempFolder } from '../temp-folder.ts';
import { openTempWorkspace } from '../temp-workspace.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

describe.skipIf(!canMount)('on a full disk (needs root to mount a small one)', () => {
  it('a run whose output does not fit fails as "output", and the old file stays whole', async ({ site }) => {
    const disk = smallDisk(64 * 1024);
    const target = join(disk.folder, 'rows.csv');
    writeFileSync(target, 'name\nolder row\n');
    disk.fill();
    const workspace = openTempWorkspace();
    await workspace.configs.write('source', gatedConfig(site.url));
    await workspace.jobs.create(
      { id: 'full', fields: { config_name: 'source', schedule: DAILY, output_path: target } },
      'library',
    );
    const run = await waitForRun(workspace, (await requestRun(workspace, 'full')).runId);
    expect(run).toMatchObject({ status: 'failed', error: { kind: 'output' } });
    expect(run.error?.message).toMatch(/disk is full|no space/i);
    expect(readFileSync(target, 'utf8')).toBe('name\nolder row\n');
    expect(readdirSync(disk.folder).sort()).toEqual(['ballast', 'rows.csv']);

    disk.free();
    const again = await waitForRun(workspace, (await requestRun(workspace, 'full')).runId);
    expect(again.status).toBe('succeeded');
    expect(readFileSync(target, 'utf8')).toBe('name\nonly row\n');
  });

  it('an output for which there is room once, beside the old one, is written', async () => {
    const disk = smallDisk(1024 * 1024);
    const target = join(disk.folder, 'rows.jsonl');
    writeFileSync(target, '{}\n');
    const items = join(tempFolder(), 'items.jsonl');
    const row = JSON.stringify({ name: 'x'.repeat(1_000) });
    writeFileSync(items, `${row}\n`.repeat(400));
    // The new version is 400 kB: there is room for it, and not for another copy of it.
    disk.fill(500 * 1024);
    await exportItems({
      stagingFile: items,
      file: target,
      format: 'jsonl',
      append: false,
      fields: ['name'],
      signal: new AbortController().signal,
    });
    expect(readFileSync(target, 'utf8')).toBe(readFileSync(items, 'utf8'));
  });

  it('a change of a job is refused with a clear message, nothing is lost, and it works when there is space again', async () => {
    const disk = smallDisk(4 * 1024 * 1024);
    const home = join(disk.folder, 'home');
    const create = await quickscrape(['init'], { home });
    expect(create.code).toBe(0);
    writeFileSync(join(home, 'configs', 'source.yaml'), gatedConfig('http://127.0.0.1:9/'));
    const made = await quickscrape(
      ['job', 'create', '--config', 'source', '--schedule', 'daily', '--at', '09:00', '--id', 'kept'],
      { home },
    );
    expect(made).toMatchObject({ code: 0 });
    const file = join(home, 'jobs', 'kept.json');
    const before = readFileSync(file, 'utf8');
    disk.fill();

    const update = await quickscrape(['job', 'update', 'kept', '--description', 'x'.repeat(3_000)], { home });
    expect(update.code).toBe(1);
    expect(update.stderr).toMatch(/full|space/i);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(join(home, 'jobs'))).toEqual(['kept.json']);

    disk.free();
    const second = await quickscrape(['job', 'update', 'kept', '--description', 'fits now'], { home });
    expect(second).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ description: 'fits now', revision: 2 });
  });
});
