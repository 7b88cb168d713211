import { expect, it, onTestFinished } from 'vitest';
import { parseHostAndPort } from '../../../src/core/configs/host-and-port.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { DAILY, openHome } from '../../core/operations/open-home.ts';
import { Site } from '../../scrape/site.ts';

const KEY = 'Zq9xy-hunter2-Key';
const SID = '8f14e45fceea167a';
const SECRET = /Zq9xy|8f14e45f/i;

/** A job of the person, on a site that says the headers of a request again. */
async function echoing() {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.on('/list', ({ headers }, response) => {
    const { 'x-api-key': key = '', cookie = '', 'user-agent': agent = '' } = headers;
    const own = `<b>${key}</b><i data-sid="${cookie}">${cookie.slice(4)}</i><u>${agent}</u>`;
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Shop</title><p>${own}</p>`);
  });
  const { workspace, call } = await openHome();
  const yaml = `url: "${site.url('/list')}"
headers: { X-Api-Key: ${KEY}, Cookie: sid=${SID}, User-Agent: Shop-Reader/1.0 }
item: p
selectors:
  key: b
  sid: i
  agent: u
  part: { selector: b, regex: "^(...)" }
`;
  await workspace.configs.write('own', yaml);
  await call('create_job', { job_id: 'own', config_name: 'own', schedule: DAILY });
  const allowPrivateHosts = [parseHostAndPort('127.0.0.1') ?? expect.fail()];
  const policy = { ...DEFAULT_POLICY, allowPrivateHosts };
  const session = await Session.open(workspace, { face: 'mcp', policy, log: () => {} });
  const ask = async (name: string, params: object) =>
    JSON.stringify(
      await session.call(name, params).catch(({ code, message }: { code: string; message: string }) => ({
        code,
        message,
      })),
    );
  const run = async () => (await call('run_job', { job_id: 'own', wait_seconds: 45 })).run.run_id;
  return { workspace, call, ask, run, yaml };
}

it('written credentials that a page says again are in no answer to a client, also after it has edited them away', async () => {
  const { call, ask, run, workspace, yaml } = await echoing();
  const run_id = await run();
  // The person's own rows are as the site gave them.
  const { items } = await call('list_items', { run_id });
  expect(items).toMatchObject([{ key: KEY, sid: SID, agent: 'Shop-Reader/1.0' }]);
  const look = () =>
    Promise.all([
      ask('list_items', { run_id }),
      ask('get_run', { run_id, sample_items: 5 }),
      ask('get_log', { run_id, level: 'debug' }),
      ask('get_item_history', { job_id: 'own', key: KEY }),
    ]);
  const rows = await ask('list_items', { run_id });
  expect(rows).toContain('${CONCEALED_headers_X_Api_Key}');
  expect(rows).toContain('${CONCEALED_headers_Cookie}');
  expect(rows).toContain('Shop-Reader/1.0');
  for (const said of await look()) expect(said).not.toMatch(SECRET);
  const live = [
    await ask('test_config', { config_name: 'own' }),
    await ask('test_config', { config_name: 'own', changes: { 'selectors.sid': '[data-sid]' } }),
    await ask('get_page', { config_name: 'own', as: 'html' }),
    await ask('find_selectors', { run_id, examples: { key: KEY } }),
  ];
  for (const said of live.slice(0, 3)) {
    expect(said).not.toMatch(SECRET);
    expect(said).toContain('${CONCEALED_');
  }
  // What a client's own text cuts out of the page is cut out of the name.
  const cut = { 'selectors.part': { selector: 'b', regex: '^(.....)' } };
  expect(await ask('test_config', { config_name: 'own', changes: cut })).not.toContain('Zq9');
  // Nor does an answer tell whether a guess is right: the client's own words stay.
  const guess = async (value: string) => {
    const tried = await ask('test_config', { config_name: 'own', changes: { 'selectors.agent': value } });
    const named = await ask('save_config', { config_name: 'own', changes: { dedupe: value }, dry_run: true });
    expect(tried + named).toContain(value);
    return (tried + named).replaceAll(value, 'GUESS').replaceAll(/"revision":"\w+"/g, '');
  };
  expect(await guess(KEY)).toBe(await guess(KEY.replace('2', '3')));
  await ask('save_config', { config_name: 'own', changes: { 'headers.X-Api-Key': null, ...cut } });
  expect(workspace.configs.read('own').yaml).not.toContain(KEY);
  for (const said of await look()) expect(said).not.toMatch(/Zq9xy/i);
  await workspace.configs.write('own', yaml);
});

it('the rows of a text that a client saved hold no kept credential, nor a part of one', async () => {
  const { call, ask, run } = await echoing();
  const changes = { 'selectors.part': { selector: 'b', regex: '^(.....)' }, 'selectors.none': '.none' };
  expect(await ask('save_config', { config_name: 'own', changes })).toContain('"changed":true');
  const run_id = await run();
  const { items } = await call('list_items', { run_id });
  expect(JSON.stringify(items)).not.toMatch(/Zq9|8f14e45f/);
  for (const page of [
    await ask('get_page', { run_id, as: 'html' }),
    await ask('get_page', { run_id, as: 'text' }),
  ]) {
    expect(page).toContain('${CONCEALED_headers_X_Api_Key}');
    expect(page).not.toMatch(SECRET);
  }
  // Without the header, the page of the run is shown no more: its value is not known.
  await ask('save_config', { config_name: 'own', changes: { 'headers.X-Api-Key': null } });
  const later = await ask('get_page', { run_id, as: 'html' });
  expect(later).not.toMatch(/Zq9/);
  expect(later).toContain('not_allowed');
});
