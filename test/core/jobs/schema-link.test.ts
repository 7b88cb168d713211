import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { collectJobs } from '../../../src/core/diagnostics/doctor/collect-jobs.ts';
import { toJobDict } from '../../../src/core/model/serialize-job.ts';
import { createBundle } from '../../../src/core/operations/bundle.ts';
import { toJobOutput } from '../../../src/core/operations/job-output.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';

const FIELDS = {
  config_name: 'books',
  schedule: { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
};
const LINK = '../.schemas/job.json';

const fileOf = ({ paths }: Workspace) => join(paths.jobs, 'prices.json');
const textOf = (workspace: Workspace) => readFileSync(fileOf(workspace), 'utf8');

/** Makes a job, as a program or a person who knows nothing of schemas, or of ours. */
function writeByHand(workspace: Workspace, extra: Record<string, unknown>): void {
  writeFileSync(fileOf(workspace), JSON.stringify({ ...FIELDS, ...extra, note: 'mine' }));
}

describe('a new job file', () => {
  it('begins with a link to the schema in its home', async ({ workspace }) => {
    await workspace.jobs.create({ id: 'prices', fields: FIELDS }, 'cli');
    expect(textOf(workspace).split('\n')[1]).toBe(`  "$schema": "${LINK}",`);
    const schema = readFileSync(join(workspace.paths.jobs, LINK), 'utf8');
    expect(JSON.parse(schema).title).toBe('QuickScrape job');
  });

  it('keeps the link, and the schema, through edits, copies of its state, deletion and restoring', async ({
    workspace,
  }) => {
    const { jobs, paths } = workspace;
    await jobs.create({ id: 'prices', fields: FIELDS }, 'cli');
    await jobs.update('prices', { max_retries: 5 }, { by: 'tui' });
    await jobs.copyRuntime('prices');
    expect(textOf(workspace).split('\n')[1]).toBe(`  "$schema": "${LINK}",`);
    await jobs.delete('prices', { by: 'cli' });
    rmSync(join(paths.home, '.schemas'), { recursive: true });
    await jobs.restore('prices');
    expect(textOf(workspace).split('\n')[1]).toBe(`  "$schema": "${LINK}",`);
    expect(readFileSync(join(paths.jobs, LINK), 'utf8')).toContain('QuickScrape job');
  });
});

describe('the link of a job file', () => {
  it.each([
    ['to another schema', 'https://schemas.example/jobs.json'],
    ['that is no text', { nested: [1, null, { a: 'ä' }] }],
    ['that is null', null],
  ])('%s stays as it is, with other fields that the program does not know', async (_what, link) => {
    const { openTempWorkspace } = await import('../../temp-workspace.ts');
    const workspace = openTempWorkspace();
    writeByHand(workspace, { $schema: link });
    await workspace.jobs.update('prices', { max_retries: 5 }, { by: 'tui' });
    await workspace.jobs.copyRuntime('prices');
    expect(JSON.parse(textOf(workspace))).toMatchObject({ $schema: link, max_retries: 5, note: 'mine' });
  });

  it('is not added to a file that has none', async ({ workspace }) => {
    writeByHand(workspace, {});
    await workspace.jobs.update('prices', { max_retries: 5 }, { by: 'tui' });
    await workspace.jobs.copyRuntime('prices');
    expect(JSON.parse(textOf(workspace))).toMatchObject({ max_retries: 5, note: 'mine' });
    expect(textOf(workspace)).not.toContain('$schema');
  });

  it('is no part of the job: adding, changing or removing it is no edit', async ({ workspace }) => {
    const { jobs } = workspace;
    const { record } = await jobs.create({ id: 'prices', fields: FIELDS }, 'cli');
    for (const link of [undefined, './other.json', LINK]) {
      writeFileSync(fileOf(workspace), JSON.stringify({ ...JSON.parse(textOf(workspace)), $schema: link }));
      const found = jobs.get('prices');
      expect(found).toMatchObject({ kind: 'valid', record: { revision: record.revision, updatedBy: 'cli' } });
      expect(found).not.toHaveProperty('unnoticed');
      // No conflict for those who read the job before.
      await jobs.update('prices', {}, { by: 'tui', ifRevision: record.revision });
    }
  });

  it('is in what the library gives as the file, but in no output, export or warning', async ({
    workspace,
  }) => {
    const { record, state } = await workspace.jobs.create({ id: 'prices', fields: FIELDS }, 'cli');
    expect(record.extra).toEqual({ $schema: LINK });
    expect(toJobDict(record, state)).toEqual(JSON.parse(textOf(workspace)));
    expect(toJobOutput(record, state)).not.toHaveProperty('$schema');
    expect(JSON.stringify(createBundle(workspace).bundle)).not.toContain('$schema');
    expect(collectJobs(workspace.paths).jobs).toMatchObject([{ kind: 'valid', misspelt: [] }]);
  });
});
