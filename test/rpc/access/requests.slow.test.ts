// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { openHome, refusal } from '../../core/operations/open-home.ts';
import { Site } from '../../scrape/site.ts';

const PAGES = 'pagination: {type: url_param, param_name: page}\n';

/** A site whose list takes any request, and a session of an assistant. */
async function opened(policy: Partial<Policy> = {}) {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const arrivals: string[] = [];
  site.on('/list', async (request, response) => {
    arrivals.push(`${request.method} ${await readText(request)}`.trim());
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":1}]}');
  });
  const { workspace } = await openHome();
  const allowed = {
    ...DEFAULT_POLICY,
    allowPrivateHosts: [{ host: '127.0.0.1', port: site.port }],
    ...policy,
  };
  const session = await Session.open(workspace, { face: 'mcp', policy: allowed, log: () => {} });
  const text = (lines: string) =>
    `url: "${site.url('/list')}"\nitem: "json:$.data[*]"\nselectors: {id: "json:$.id"}\n${lines}\n`;
  return { site, arrivals, workspace, session, text };
}

it('an assistant tests and saves a GET and a query that reads, and sees what was sent', async () => {
  const { session, text, arrivals } = await opened();
  const query = text('request: {graphql: {query: "{ data }", variables: {n: "{page}", token: "hunter-2"}}}');
  const answer = await session.call('test_config', { yaml: query + PAGES });
  expect(answer).toMatchObject({ items: 1, error: null });
  expect((answer as { requests: string[] }).requests).toEqual([
    expect.stringMatching(
      /^POST http\S+\/list \(page 1\): {"query":"{ data }","variables":{"n":1,"token":"\*\*\*"}}$/,
    ),
  ]);
  expect(arrivals).toEqual(['POST {"query":"{ data }","variables":{"n":1,"token":"hunter-2"}}']);
  const plain = text('request: {headers: {Accept: application/json}}');
  expect(await session.call('test_config', { yaml: plain })).toMatchObject({ items: 1 });
  await session.call('save_config', { config_name: 'reading', yaml: query + PAGES });
});

it.each([
  ['request: {json: {a: 1}}', 'sends POST'],
  ['request: {method: PUT}', 'sends PUT'],
  ['request: {graphql: {query: "mutation { drop }"}}', 'sends a query that may change something'],
  ['request: {json: 1, repeat: true}', 'sends POST'],
])('it neither tests nor saves %s', async (lines, does) => {
  const { session, text, site } = await opened();
  const sly = { config_name: 'sly', yaml: text(lines) };
  for (const error of await Promise.all([
    refusal(session.call('test_config', { yaml: sly.yaml })),
    refusal(session.call('save_config', sly)),
    refusal(session.call('save_config', { ...sly, dry_run: true })),
  ]))
    expect(error).toMatchObject({
      code: 'not_allowed',
      field: 'yaml',
      message: expect.stringContaining(`request: it ${does}`),
      hint: expect.stringContaining('--allow-requests'),
    });
  expect(site.visits).toEqual([]);
});

it('it does with --allow-requests', async () => {
  const { session, text, arrivals } = await opened({ allowRequests: true });
  expect(await session.call('test_config', { yaml: text('request: {json: {a: 1}}') })).toMatchObject({
    items: 1,
    requests: [expect.stringContaining(': {"a":1}')],
  });
  expect(arrivals).toEqual(['POST {"a":1}']);
});

it('the request of a person’s configuration stays, is tested, and may not change', async () => {
  const { session, text, workspace, arrivals } = await opened();
  const own = text('request: {json: {a: 1}}');
  await workspace.configs.write('own', own);
  expect(await session.call('test_config', { config_name: 'own' })).toMatchObject({ items: 1 });
  await session.call('save_config', { config_name: 'own', yaml: own.replace('{id:', '{number:') });
  for (const yaml of [own.replace('a: 1', 'a: 2'), own.replace('/list', '/other')])
    expect(await refusal(session.call('save_config', { config_name: 'own', yaml }))).toMatchObject({
      code: 'not_allowed',
    });
  expect(
    await refusal(session.call('test_config', { config_name: 'own', changes: { 'request.json.a': 2 } })),
  ).toMatchObject({ code: 'not_allowed' });
  expect(arrivals).toEqual(['POST {"a":1}']);
});

it('a header that leads elsewhere is refused in a request, too', async () => {
  const { session, text } = await opened();
  const yaml = text('request: {headers: {X-HTTP-Method-Override: DELETE}}');
  expect(await refusal(session.call('test_config', { yaml }))).toMatchObject({
    code: 'not_allowed',
    message: expect.stringContaining('request.headers.X-HTTP-Method-Override'),
  });
});

it('a query with the person’s token is not changed', async () => {
  const { session, text, workspace, site } = await opened();
  writeFileSync(join(workspace.paths.home, 'secrets.env'), 'TOKEN=hunter-22\n');
  const own = text('headers: {Authorization: "Bearer ${TOKEN}"}\nrequest: {graphql: {query: "{ data }"}}');
  await workspace.configs.write('own', own);
  expect(await session.call('test_config', { config_name: 'own' })).toMatchObject({ items: 1 });
  await session.call('save_config', { config_name: 'own', yaml: own.replace('{id:', '{number:') });
  const changed = { config_name: 'own', yaml: own.replace('{ data }', '{ secrets }') };
  for (const call of ['test_config', 'save_config'] as const)
    expect(await refusal(session.call(call, changed))).toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('${TOKEN}'),
    });
  expect(site.visitsOf('/list')).toHaveLength(1);
});
