import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { shopHome } from '../../cli/shop-home.ts';
import { Site } from '../../scrape/site.ts';
import { startRpc } from '../json-rpc/rpc-client.ts';
import { connect } from '../mcp/mcp-clients.ts';
import { auditLines } from './audit-lines.ts';

const PRIVATE = ['--allow-private-hosts', '127.0.0.1'];

/** A site that signs people in; `posted` has the bodies that came. */
async function formSite() {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const posted: string[] = [];
  const sent = { bytes: 0 };
  const measure = (raw: readonly string[]) => {
    sent.bytes += raw.join('').length;
  };
  site.on('/login', (request, response) => {
    measure(request.rawHeaders);
    const form =
      '<form method="post" action="/in"><input name="user"><input type="password" name="pw"></form>';
    response.writeHead(200, { 'content-type': 'text/html' }).end(form);
  });
  site.on('/in', async (request, response) => {
    measure(request.rawHeaders);
    let body = '';
    for await (const chunk of request) body += chunk;
    sent.bytes += body.length;
    posted.push(body);
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>welcome</p>');
  });
  site.html('/list', '<h3>one</h3>');
  const yaml =
    `url: "${site.url('/list')}"\nselectors:\n  a: h3\nauthentication:\n  type: form\n  login_url: "${site.url('/login')}"\n` +
    '  username: me\n  password: not-a-secret\n  fields: { note: data from the conversation }\n';
  return { site, posted, sent, yaml, host: `127.0.0.1:${site.port}` };
}

it('leaves a line for a trial on live pages: which hosts, how, and how much went out', async () => {
  const { site, posted, sent, yaml, host } = await formSite();
  const { home } = shopHome();
  const client = startRpc({ home, args: PRIVATE });
  const answer = await client.call('test_config', { config_name: 'sly', yaml });
  expect(answer).toMatchObject({ source: 'live', items: 1 });
  await client.end();
  expect(posted).toEqual([expect.stringContaining('data+from+the+conversation')]);
  const lines = auditLines(join(home, 'audit.log'));
  // Early lines of one that takes long say what had been sent by then.
  expect(lines.at(-1)).toMatchObject({
    face: 'rpc',
    operation: 'test_config',
    target: 'configuration sly',
    outcome: 'done',
    traffic: { hosts: [host], methods: ['GET', 'POST'], requests: site.visits.length },
  });
  const { bytes_out } = (lines.at(-1)?.['traffic'] ?? {}) as { bytes_out?: number };
  expect(bytes_out).toBeGreaterThan(sent.bytes * 0.8);
  expect(bytes_out).toBeLessThan(sent.bytes * 3);
});

/** A home in which a run has kept its page. */
async function homeWithKeptPage(url: string) {
  const { home } = shopHome({ page: `url: "${url}"\nselectors:\n  a: h4\n` });
  const client = startRpc({ home, args: PRIVATE });
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await client.call('create_job', { job_id: 'mine', config_name: 'page', schedule });
  const { run } = await client.call('run_job', { job_id: 'mine', wait_seconds: 50 });
  await client.end();
  const { run_id } = run as { run_id: string };
  return { home, run_id, audit: join(home, 'audit.log') };
}

it('with --read-only tests on kept pages only, is marked as reading only, and says who can allow more', async () => {
  const { site, posted, yaml } = await formSite();
  const { home, run_id, audit } = await homeWithKeptPage(site.url('/list'));
  const [visits, lines] = [site.visits.length, auditLines(audit).length];
  const client = await connect('legacy', home, { flags: ['--read-only', ...PRIVATE] });
  const tool = (await client.tools()).find(({ name }) => name === 'test_config');
  expect(tool).toMatchObject({
    description: expect.stringContaining('run_id is required'),
    annotations: { readOnlyHint: true, openWorldHint: false },
    inputSchema: { required: ['run_id'] },
  });
  for (const params of [{ yaml }, { yaml, run_id: null }, { config_name: 'page' }, { yaml, max_pages: 2 }]) {
    const refused = await client.call('test_config', params);
    expect(refused.text).toMatch(/not_allowed: test_config: without run_id it fetches live pages/);
    expect(refused.text).toContain('--allow-trials');
  }
  const tried = await client.call('test_config', { yaml: yaml.replace('a: h3', 'a: h3\n  b: h3'), run_id });
  expect(tried.data).toMatchObject({ source: 'kept page', items: 1 });
  for (const change of ['save_config', 'run_job'])
    await expect(client.call(change, { config_name: 'x', yaml, job_id: 'mine' })).rejects.toThrow(
      '--read-only',
    );
  expect(site.visits).toHaveLength(visits);
  expect(posted).toEqual([]);
  expect(auditLines(audit)).toHaveLength(lines);
});

it('tries on live pages with --read-only and --allow-trials, and does not call that reading', async () => {
  const { posted, yaml, host } = await formSite();
  const { home } = shopHome();
  const client = await connect('legacy', home, { flags: ['--read-only', '--allow-trials', ...PRIVATE] });
  const tools = await client.tools();
  const tool = tools.find(({ name }) => name === 'test_config');
  expect(tool).toMatchObject({ annotations: { readOnlyHint: false, openWorldHint: true } });
  expect(tools.map(({ name }) => name)).not.toContain('save_config');
  expect((await client.call('test_config', { yaml })).data).toMatchObject({ source: 'live', items: 1 });
  expect(posted).toHaveLength(1);
  expect(auditLines(join(home, 'audit.log')).at(-1)).toMatchObject({
    face: 'mcp',
    operation: 'test_config',
    outcome: 'done',
    traffic: { hosts: [host], methods: ['GET', 'POST'] },
  });
});
