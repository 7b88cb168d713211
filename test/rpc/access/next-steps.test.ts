import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { OPERATION_NAMES } from '../../../src/core/operations/operations.ts';
import { operationHints } from '../../../src/rpc/access/operation-hints.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { DAILY, it } from '../../core/operations/open-home.ts';

/** What no operation does: these errors name the command for the person. */
const ONLY_THE_PERSON =
  /maintenance repair-jobs|config set (?:browser_path|respect_robots|max_|min_)|job update\.$/;

const NAMES = fc.constantFrom(
  'mine',
  'Mine',
  'gone',
  'broken',
  'MINE-2',
  '',
  'books',
  'nope',
  'x'.repeat(200),
);
const PARAMS = fc.record(
  {
    job_id: NAMES,
    run_id: NAMES,
    config_name: NAMES,
    name: fc.constantFrom('timezone', 'browser_path', 'respect_robots', 'max_runs_per_host', 'nope', 'lyon'),
    value: fc.constantFrom('UTC', '99', 'false', '/bin/sh'),
    schedule: fc.constantFrom('0 9 * * *', 'soon', 5, {}, { type: 'dayly' }, DAILY),
    changes: fc.constantFrom(
      {},
      { paused: true },
      { config_name: 'nope' },
      { schedule: '@daily' },
      { enabled: 'yes' },
      { on_success: 'id' },
    ),
    filter: fc.constantFrom('nope:', 'state:', 'zzz', '"'),
    if_revision: fc.constantFrom(1, 99),
    cursor: fc.constant('junk'),
    output_path: fc.constantFrom('/etc/x.json', '../x.json', 'x.csv'),
    with_run_id: NAMES,
  },
  { requiredKeys: [] },
);

it('errors name operations, and a command only where the person has to act', async ({ workspace, call }) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY, enabled: false });
  await call('create_job', { job_id: 'gone', config_name: 'books', schedule: DAILY });
  await call('delete_job', { job_id: 'gone' });
  writeFileSync(join(workspace.paths.jobs, 'broken.json'), '{ oops');
  const session = await Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
  const format = operationHints(session.exposed);
  // These start processes, or wait.
  const names = OPERATION_NAMES.filter(
    (name) => !/scheduler|run_job|examine|test_config|save_config|page|selectors|propose/.test(name),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), PARAMS, async (name, params) => {
      const allowed = Object.keys((session.exposed.get(name)?.input.shape ?? {}) as object);
      const known = Object.fromEntries(Object.entries(params).filter(([key]) => allowed.includes(key)));
      const error = await session.call(name, known).catch((thrown: unknown) => thrown);
      if (!(error instanceof QuickscrapeError)) return;
      const said = JSON.stringify([error.message, error.toData(format)]);
      const commands = [...said.matchAll(/quickscrape(?:-jobs)? [a-z][^"]*/g)].map(([text]) => text);
      for (const command of commands)
        expect({ name, known, command }).toMatchObject({ command: expect.stringMatching(ONLY_THE_PERSON) });
    }),
    { numRuns: 400 },
  );
});

it.for([
  [
    'create_job',
    { job_id: 'x', config_name: 'books', schedule: '0 9 * * *' },
    'schedule',
    '{"type":"custom","cron_expression":"0 9 * * *"}',
  ],
  ['preview_schedule', { schedule: '@daily' }, 'schedule', '{"type":"custom","cron_expression":"@daily"}'],
  [
    'update_job',
    { job_id: 'mine', changes: { schedule: 'every day at 9' } },
    'changes.schedule',
    '{"type":"daily","time":"09:00"}',
  ],
  ['update_job', { job_id: 'mine', changes: { paused: true } }, 'changes.paused', 'enabled=false'],
  ['get_job', { job_id: 'MINE' }, 'job_id', 'Did you mean mine?'],
] as const)(
  '%s with %j is answered with what to send',
  async ([name, params, field, hint], { workspace, call }) => {
    await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
    const session = await Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
    const error = (await session.call(name, params).catch((thrown: unknown) => thrown)) as QuickscrapeError;
    expect(error).toMatchObject({ field, hint: expect.stringContaining(hint) });
  },
);
