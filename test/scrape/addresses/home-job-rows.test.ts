import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { openJobRows } from '../../../src/scrape/addresses/home-job-rows.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const SECRET = 'qZjQzJ-ZqjzQ&Z';

async function home() {
  const workspace = openTempWorkspace();
  writeFileSync(workspace.paths.secrets, `KEY='${SECRET}'\n`, { mode: 0o600 });
  await workspace.configs.write('books', 'url: "https://e.com/"\nselectors: {link: a}\n');
  const schedule = { type: 'custom', cron_expression: '0 0 1 1 *', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'listing', fields: { config_name: 'books', schedule } }, 'library');
  let at = 0;
  const addRun = (runId: string, status: string, links: readonly string[]) => {
    at += 1;
    workspace.db.run(
      `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at,
         not_before, started_at, items) VALUES (?, 'listing', 'books', 'manual', 'library', 'UTC', ?, 1, ?, 0, ?, ?)`,
      [runId, status, Date.now() + at, Date.now() + at, links.length],
    );
    const files = runFiles(workspace.paths, 'listing', runId);
    mkdirSync(files.folder, { recursive: true });
    writeFileSync(files.items, links.map((link) => `${JSON.stringify({ link })}\n`).join(''));
  };
  const read = async (job: string, isClients = false) => {
    const { rows, runId, isHidden, close } = await openJobRows(workspace, job, isClients);
    const links: string[] = [];
    for await (const batch of rows) for (const { link } of batch) links.push(String(link));
    await close();
    return { runId, links, hidden: links.filter(isHidden) };
  };
  return { addRun, read };
}

it('has the rows of the last succeeded run', async () => {
  const { addRun, read } = await home();
  addRun('one', 'succeeded', ['https://e.com/1']);
  addRun('two', 'succeeded', ['https://e.com/2', 'https://e.com/3']);
  addRun('three', 'failed', ['https://e.com/4']);
  expect(await read('listing')).toMatchObject({
    runId: 'two',
    links: ['https://e.com/2', 'https://e.com/3'],
  });
});

it('says which jobs there are, and what became of the last run', async () => {
  const { addRun, read } = await home();
  await expect(read('lsting')).rejects.toMatchObject({
    kind: 'config',
    message: 'urls_from: there is no job "lsting" in this home',
    hint: 'Did you mean listing?',
  });
  await expect(read('listing')).rejects.toMatchObject({ hint: 'It has not run yet. Let it succeed first.' });
  addRun('one', 'failed', []);
  await expect(read('listing')).rejects.toMatchObject({
    message: 'urls_from: job listing has no succeeded run whose rows could be taken',
    hint: 'Its last run, one, is failed. Let it succeed first.',
  });
});

it('hides addresses with a secret of the home from the configuration of a program, and not from a person’s', async () => {
  const { addRun, read } = await home();
  const secret = `https://e.com/?key=${encodeURIComponent(SECRET)}`;
  addRun('one', 'succeeded', ['https://e.com/1', secret]);
  expect((await read('listing', true)).hidden).toEqual([secret]);
  expect((await read('listing')).hidden).toEqual([]);
});
