import { expect } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { runWithPages } from '../../core/operations/kept-page.ts';
import { openHome, refusal } from '../../core/operations/open-home.ts';
import { it } from '../../extend.ts';
import { auditLines } from './audit-lines.ts';

const LIST = `<ul>${[1, 2, 3].map((n) => `<li class="book"><h3>Book ${n}</h3><b>£${n}</b></li>`).join('')}</ul>`;

async function opened(policy: Partial<Policy> = {}) {
  const { workspace } = await openHome();
  const session = await Session.open(workspace, {
    face: 'mcp',
    policy: { ...DEFAULT_POLICY, ...policy },
    log: () => {},
  });
  const run_id = runWithPages(workspace, [{ body: LIST }]);
  // A slow machine writes a line at the beginning of a call, too.
  const audit = () => auditLines(workspace.paths.auditLog).filter(({ outcome }) => outcome !== 'under_way');
  return { workspace, session, run_id, audit };
}

const PRIVATE = 'http://user:pass@10.0.0.9:8080/path?key=1';
const EXAMPLES = { title: 'Book 1' };

it('names the host or the configuration of a live page in the audit log, and no more of its address', async () => {
  const { session, audit } = await opened();
  for (const [name, params] of [
    ['get_page', { url: PRIVATE }],
    ['get_page', { config_name: 'books' }],
    ['find_selectors', { url: PRIVATE, examples: EXAMPLES }],
    ['find_selectors', { config_name: 'books', examples: EXAMPLES }],
    ['propose_config', { url: PRIVATE }],
    ['propose_config', { url: 'no address' }],
  ] as const)
    await refusal(session.call(name, params));
  const none = { hosts: [], methods: [], requests: 0, bytes_out: 0 };
  expect(
    audit().map(({ operation, target, outcome, traffic }) => [operation, target, outcome, traffic]),
  ).toEqual([
    ['get_page', 'page of 10.0.0.9:8080', 'not_allowed', none],
    ['get_page', 'configuration books', 'not_allowed', none],
    ['find_selectors', 'page of 10.0.0.9:8080', 'not_allowed', none],
    ['find_selectors', 'configuration books', 'not_allowed', none],
    ['propose_config', 'page of 10.0.0.9:8080', 'not_allowed', none],
    ['propose_config', 'page of', 'invalid_params', none],
  ]);
  expect(JSON.stringify(audit())).not.toMatch(/pass|key=/);
});

it('writes no line for what only reads: kept pages, and the grammar', async () => {
  const { session, audit, run_id } = await opened();
  await session.call('get_page', { run_id });
  await session.call('find_selectors', { run_id, examples: EXAMPLES });
  await session.call('propose_config', { run_id });
  await session.call('propose_config', { grammar: true });
  expect(audit()).toEqual([]);
});

it('shows kept pages and the grammar with --read-only, and no live page', async () => {
  const { session, audit, run_id } = await opened({ readOnly: true });
  expect(await session.call('propose_config', { grammar: true })).toMatchObject({
    yaml: null,
    grammar: expect.stringContaining('pagination:'),
  });
  expect(await session.call('propose_config', { run_id })).toMatchObject({ choices: [{ item: 'li.book' }] });
  for (const [name, params, message] of [
    ['get_page', { url: 'https://example.com/' }, /^get_page: without run_id it fetches live pages/],
    ['get_page', { config_name: 'books' }, /^get_page: without run_id/],
    [
      'find_selectors',
      { url: 'https://example.com/', examples: EXAMPLES },
      /^find_selectors: without run_id/,
    ],
    ['propose_config', { url: 'https://example.com/' }, /^propose_config: with url it fetches live pages/],
    ['propose_config', { url: 'https://example.com/', grammar: true }, /^propose_config: with url/],
    ['propose_config', { url: 'https://example.com/', run_id }, /^propose_config: with url/],
  ] as const) {
    const refused = await refusal(session.call(name, params));
    expect(refused).toMatchObject({
      code: 'not_allowed',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('--allow-trials'),
    });
  }
  expect(await refusal(session.call('propose_config', {}))).toMatchObject({ code: 'invalid_params' });
  expect(audit()).toEqual([]);
});

it('fetches live pages with --read-only --allow-trials, and writes a line for each', async ({ site }) => {
  const { session, audit } = await opened({
    readOnly: true,
    allowTrials: true,
    allowPrivateHosts: [{ host: '127.0.0.1', port: null }],
  });
  const { host } = new URL(site.url);
  await session.call('get_page', { url: site.url });
  expect(audit()).toMatchObject([
    {
      operation: 'get_page',
      target: `page of ${host}`,
      outcome: 'done',
      traffic: { hosts: [host], methods: ['GET'], requests: 2 },
    },
  ]);
});
