import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runDoctorChecks } from '../../../../src/core/diagnostics/doctor/run-doctor-checks.ts';
import { getPersistentFiles, makeRunFolder, runFiles } from '../../../../src/core/runs/run-files.ts';
import type { Workspace } from '../../../../src/core/workspace.ts';
import { FetchedAddresses } from '../../../../src/scrape/addresses/fetched-addresses.ts';
import { Frontier, frontierBeside } from '../../../../src/scrape/crawl/frontier.ts';
import { KnownRows } from '../../../../src/scrape/output/known-rows.ts';
import { openTempWorkspace } from '../../../temp-workspace.ts';
import { enqueueManual } from '../../../worker-pool-home.ts';

/** The leftovers that `doctor` reports in a home where `meanwhile` happens after the database was read. */
async function leftovers(workspace: Workspace, meanwhile: () => void) {
  await workspace.configs.write('books', 'url: https://books.example\nselectors: {title: h1}\n');
  // Configurations are validated between the database and the leftovers.
  const validate = () => {
    meanwhile();
    return [];
  };
  const findings = await runDoctorChecks(workspace.paths, validate, (line) => line);
  return findings.filter(({ check }) => check === 'leftovers');
}

it('the folder of a run that starts while doctor looks is no leftover', async () => {
  const workspace = openTempWorkspace();
  let folder = '';
  const found = await leftovers(workspace, () => {
    const { jobId, runId } = enqueueManual(workspace, 'books');
    const files = runFiles(workspace.paths, jobId, runId);
    makeRunFolder(files);
    folder = files.folder;
  });
  expect(existsSync(folder)).toBe(true);
  expect(found).toMatchObject([{ status: 'ok', message: 'none' }]);
});

it('the folder of a run that retention removes meanwhile is no leftover, one that stays is', async () => {
  const workspace = openTempWorkspace();
  const [removed, left] = ['removed', 'left'].map((id) => runFiles(workspace.paths, 'news', id));
  if (!removed || !left) throw new Error('no folders');
  makeRunFolder(removed);
  makeRunFolder(left);
  const found = await leftovers(workspace, () => rmSync(removed.folder, { recursive: true }));
  expect(found).toMatchObject([
    { status: 'warning', where: join('runs', 'news', 'left'), message: /^1 folder of runs/ },
  ]);
});

it('a damaged history of rows is a problem, and one that a run began is none', async () => {
  const workspace = openTempWorkspace();
  const [begun, bad] = ['begun', 'bad'].map((id) => getPersistentFiles(workspace.paths, id));
  if (!begun || !bad) throw new Error('no folders');
  mkdirSync(begun.folder, { recursive: true });
  mkdirSync(bad.folder, { recursive: true });
  writeFileSync(begun.history, '');
  writeFileSync(bad.history, 'x'.repeat(5_000));
  const findings = await runDoctorChecks(
    workspace.paths,
    () => [],
    (line) => line,
  );
  expect(findings.filter(({ message }) => message.includes('the history of the rows'))).toMatchObject([
    { status: 'problem', message: expect.stringContaining(bad.history), fix: /^move the file away/ },
  ]);
});

it('the rows that a job has written and the addresses that it has fetched are a problem when they cannot be read', async () => {
  const workspace = openTempWorkspace();
  const [good, bad] = ['good', 'bad'].map((id) => getPersistentFiles(workspace.paths, id));
  if (!good || !bad) throw new Error('no folders');
  mkdirSync(good.folder, { recursive: true });
  mkdirSync(bad.folder, { recursive: true });
  const known = await KnownRows.open(good.knownRows, new AbortController().signal);
  known.close();
  new FetchedAddresses(good.fetched, '1', () => 'succeeded').takeNew(['https://e.com/']);
  for (const file of [bad.knownRows, bad.fetched]) writeFileSync(file, 'x'.repeat(5_000));
  const findings = await runDoctorChecks(
    workspace.paths,
    () => [],
    (line) => line,
  );
  expect(findings.filter(({ message }) => message.includes('so far cannot be read'))).toMatchObject([
    { status: 'problem', message: expect.stringContaining(bad.knownRows) },
    { status: 'problem', message: expect.stringContaining(bad.fetched) },
  ]);
});

it('the addresses of an active crawl are a warning when they are damaged', async () => {
  const workspace = openTempWorkspace();
  const [good, bad] = ['good', 'bad'].map((name) => {
    const { jobId, runId } = enqueueManual(workspace, name);
    return runFiles(workspace.paths, jobId, runId);
  });
  if (!good || !bad) throw new Error('no runs');
  for (const files of [good, bad]) {
    makeRunFolder(files);
    expect(frontierBeside(files.items)).toBe(files.crawl);
  }
  new Frontier(good.crawl).close();
  writeFileSync(bad.crawl, 'x'.repeat(5_000));
  const findings = await runDoctorChecks(
    workspace.paths,
    () => [],
    (line) => line,
  );
  expect(findings.filter(({ message }) => message.includes('of the crawl'))).toMatchObject([
    { status: 'warning', message: expect.stringContaining(bad.crawl), fix: /crawls from the beginning/ },
  ]);
});
