import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DAILY, it } from './open-home.ts';

it('finds what is wrong, problems first, with an operation or what the person does', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  writeFileSync(join(workspace.paths.jobs, 'broken.json'), '{ oops');
  await workspace.configs.write('books', 'url: "https://shop.example/"\nselectors: 5\n');
  const { ok, problems, passed, findings } = await call('examine_home', {});
  expect({ ok, some: passed > 3 }).toEqual({ ok: false, some: true });
  expect(findings.slice(0, problems).every(({ status }) => status === 'problem')).toBe(true);
  expect(findings).toContainEqual(
    expect.objectContaining({
      check: 'jobs',
      where: expect.stringContaining('broken.json'),
      fix: expect.stringMatching(/the person runs: .*repair-jobs/),
    }),
  );
  expect(findings).toContainEqual(
    expect.objectContaining({ check: 'configs', where: expect.stringContaining('books.yaml') }),
  );
  expect(findings).toContainEqual(expect.objectContaining({ check: 'scheduler', fix: 'start_scheduler' }));
  expect(JSON.stringify(findings)).not.toMatch(/\\u000[12]/);
});

it('never shows the value of a variable, also where the configuration is wrong with it', async ({
  workspace,
  call,
}) => {
  writeFileSync(workspace.paths.secrets, 'KEY=hush-hush-4711\nFORMAT=hush-format\n', { mode: 0o600 });
  await workspace.configs.write(
    'books',
    'url: "https://shop.example/?k=${KEY}"\nselectors: {a: b}\noutput: {format: "${FORMAT}"}\n',
  );
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  expect(JSON.stringify(await call('examine_home', {}))).not.toContain('hush');
});

it('answers although settings, configurations and the database are damaged at once', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  writeFileSync(workspace.paths.settings, 'keep_runs: [oops\n');
  rmSync(workspace.paths.configs, { recursive: true });
  writeFileSync(workspace.paths.configs, 'a file');
  rmSync(workspace.paths.trash, { recursive: true, force: true });
  mkdirSync(join(workspace.paths.jobs, 'folder.json'));
  workspace.db.close();
  writeFileSync(workspace.paths.database, 'this is no database'.repeat(500));
  const { ok, findings } = await call('examine_home', {});
  expect(ok).toBe(false);
  const checks = new Set(findings.map(({ check }) => check));
  for (const check of ['settings', 'configs']) expect(checks).toContain(check);
});
