import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { resolvePage } from '../../../src/core/operations/page-source.ts';
import { reviewConfig } from '../../../src/rpc/access/enforce-policy.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { runWithPages } from './kept-page.ts';
import { it, refusal } from './open-home.ts';

it('asks for exactly one page, and says which fields name one', async ({ workspace }) => {
  for (const input of [{}, { run_id: 'a', url: 'https://a.example/' }, { config_name: 'books', url: 'x' }])
    expect(await refusal(resolvePage(workspace, input, {}))).toMatchObject({
      code: 'invalid_params',
      hint: expect.stringMatching(/exactly one: run_id .*, config_name .*, url /),
    });
});

it('names no field that the operation lacks', async ({ call }) => {
  const error = await refusal(call('propose_config', {}));
  expect(error.hint).toBe('Give exactly one: run_id for a page that a run kept, url for any page.');
});

it('names a kept page by its run and number, and the run’s pages when the number is too large', async ({
  workspace,
}) => {
  const run_id = runWithPages(workspace, [{ body: '<p>list' }, { body: '<p>one', note: { role: 'detail' } }]);
  expect(await resolvePage(workspace, { run_id, page: 2 }, {})).toMatchObject({
    page: { from: 'kept', url: 'https://shop.example/2', role: 'detail' },
  });
  expect(await refusal(resolvePage(workspace, { run_id, page: 3 }, {}))).toMatchObject({
    code: 'invalid_params',
    message: 'page: there is no page 3; there are pages 1 to 2',
    hint: '1 is https://shop.example/1, 2 is https://shop.example/2.',
  });
});

it('of a run without pages names the newest run of the job that has some', async ({ workspace }) => {
  const bare = runWithPages(workspace, [], 1_000);
  expect(await refusal(resolvePage(workspace, { run_id: bare }, {}))).toMatchObject({
    message: `run_id: run ${bare} has kept no page`,
    hint: expect.stringContaining('config_name'),
  });
  runWithPages(workspace, [{ body: '<p>old' }], 2_000);
  const newer = runWithPages(workspace, [{ body: '<p>new' }], 3_000);
  expect(await refusal(resolvePage(workspace, { run_id: bare }, {}))).toMatchObject({
    hint: expect.stringContaining(`The newest run of this job that has kept one is ${newer}.`),
  });
  expect(await refusal(resolvePage(workspace, { run_id: 'gone' }, {}))).toMatchObject({
    code: 'run_not_found',
  });
});

it.for([
  'ftp://a.example/',
  'file:///etc/passwd',
  'books',
  'javascript:alert(1)',
  `https://a.example/${'x'.repeat(5_000)}`,
])('refuses url: %s', async (url, { workspace }) => {
  const error = await refusal(resolvePage(workspace, { url }, {}));
  expect(error).toMatchObject({ code: 'invalid_params', field: 'url' });
  expect(error.message.length).toBeLessThan(300);
});

it('reviews what a live page would reach, and speaks of the field that the client gave', async ({
  workspace,
}) => {
  const { output: home, configs } = workspace.paths;
  const folders = { home, configs, extra: undefined };
  const context = {
    reviewConfig: (facts: Parameters<typeof reviewConfig>[0]) => reviewConfig(facts, DEFAULT_POLICY, folders),
  };
  for (const url of [
    'http://127.0.0.1:9/',
    'http://169.254.169.254/latest',
    'http://[::1]/',
    'http://2130706433/',
  ])
    expect(await refusal(resolvePage(workspace, { url }, context))).toMatchObject({
      code: 'not_allowed',
      field: 'url',
      message: expect.stringMatching(/^url: .* lies? in a private network$/),
      hint: expect.stringContaining(url.includes('169') ? 'no setting allows' : '--allow-private-hosts'),
    });
  writeFileSync(workspace.paths.secrets, 'KEY=v4lu3-that-nobody-may-see\n', { mode: 0o600 });
  const sly = await refusal(resolvePage(workspace, { url: 'https://a.example/?k=${KEY}' }, context));
  expect(sly).toMatchObject({ code: 'not_allowed', field: 'url' });
  expect(JSON.stringify([sly.message, sly.hint])).not.toContain('v4lu3');
  expect(await refusal(resolvePage(workspace, { config_name: 'books' }, context))).toMatchObject({
    code: 'not_allowed',
    message: expect.stringContaining('127.0.0.1'),
  });
  expect(await resolvePage(workspace, { url: 'https://a.example/' }, context)).toMatchObject({
    page: { from: 'url', url: 'https://a.example/' },
  });
});

it('hides from a client the values with which a page was fetched', async ({ workspace }) => {
  const context = { reviewConfig: () => {} };
  const noted = runWithPages(workspace, [{ body: '<p>', note: { variables: ['KEY'] } }]);
  expect(await resolvePage(workspace, { run_id: noted }, context)).toMatchObject({
    conceal: { variables: ['KEY'] },
  });
  const older = runWithPages(workspace, [{ body: '<p>', note: { variables: undefined } }]);
  expect(await resolvePage(workspace, { run_id: older }, context)).toMatchObject({
    conceal: { fetched_by: workspace.configs.read('books').yaml },
  });
  expect(await resolvePage(workspace, { run_id: noted }, {})).not.toHaveProperty('conceal');
});
