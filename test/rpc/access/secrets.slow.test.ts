import { expect, it, onTestFinished } from 'vitest';
import { ConfigEdits } from '../../../src/core/configs/config-edits.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { openHome, refusal } from '../../core/operations/open-home.ts';
import { Site } from '../../scrape/site.ts';

const SECRET = 'v4lu3-that-nobody-may-see';

async function served() {
  const { workspace } = await openHome();
  process.env['QUICKSCRAPE_TEST_SECRET'] = SECRET;
  onTestFinished(() => {
    delete process.env['QUICKSCRAPE_TEST_SECRET'];
  });
  return Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
}

it.each([
  'output: { path: "{${QUICKSCRAPE_TEST_SECRET}}" }',
  'output: { path: "../${QUICKSCRAPE_TEST_SECRET}" }',
  'output: { format: "${QUICKSCRAPE_TEST_SECRET}" }',
  'output: { delimiter: "${QUICKSCRAPE_TEST_SECRET}" }',
  'item: "${QUICKSCRAPE_TEST_SECRET}["',
  'backend: "${QUICKSCRAPE_TEST_SECRET}"',
  'allow_private_hosts: ["localhost", "${QUICKSCRAPE_TEST_SECRET}"]',
])('reveals neither the value of a variable nor whether it matches: %s', async (line) => {
  const session = await served();
  const yaml = `url: "https://example.com/"\nselectors:\n  a: b\n${line}\n`;
  const error = await refusal(session.call('save_config', { config_name: 'sly', yaml }));
  expect(JSON.stringify([error.message, error.hint, error.issues])).not.toContain(SECRET);
  expect(error.code).toBe('not_allowed');
  expect(error.message).toContain('environment variables');
});

it('reviews a text that a client brings back from the trash as one that it saves', async () => {
  const { workspace } = await openHome();
  const session = await Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
  const texts = [
    'url: "http://127.0.0.1:9/"\nselectors: { a: b }\n',
    'url: "https://example.com/?key=${QUICKSCRAPE_TEST_SECRET}"\nselectors: { a: b }\n',
    'url: "https://example.com/"\nselectors: { a: b }\n',
  ];
  const edits = new ConfigEdits(workspace);
  for (const text of [...texts, '# now\n']) await edits.save('old', text);
  const restore = (deleted_at?: unknown) =>
    session.call('restore_config', { config_name: 'old', deleted_at });
  expect(await restore()).toMatchObject({ changed: true });
  expect(workspace.configs.read('old').yaml).toBe(texts[2]);
  const { deleted } = await session.call('list_trash', {});
  const instants = (deleted as { deleted_at: string }[]).map(({ deleted_at }) => deleted_at);
  const [secret, local] = [await refusal(restore(instants[1])), await refusal(restore(instants[2]))];
  expect(secret).toMatchObject({ code: 'not_allowed', field: 'config_name' });
  expect(secret.message).toMatch(/^config_name: .*environment variables/);
  expect(local).toMatchObject({ code: 'not_allowed', field: 'config_name' });
  expect(workspace.configs.read('old').yaml).toBe(texts[2]);
  expect((await session.call('list_trash', {}))['total']).toBe(3);
});

it('cuts no piece of a variable out of the pages that a client’s text is tried on', async () => {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.on('/list', (_, response, url) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<a href="#top">top</a><p>${url.searchParams.get('key')}</p>`),
  );
  const { workspace } = await openHome();
  process.env['QUICKSCRAPE_TEST_SECRET'] = SECRET;
  onTestFinished(() => {
    delete process.env['QUICKSCRAPE_TEST_SECRET'];
  });
  const stored = `url: "${site.url('/list?key=${QUICKSCRAPE_TEST_SECRET}')}"\nselectors:\n  a: a\n`;
  await workspace.configs.write('own', stored);
  const policy = { ...DEFAULT_POLICY, allowPrivateHosts: [{ host: '127.0.0.1', port: site.port }] };
  const session = await Session.open(workspace, { face: 'mcp', policy, log: () => {} });
  const pieces = Array.from(
    { length: 12 },
    (_, at) =>
      `  k${at}: {selector: a, attribute: href, regex: "key=.{${at * 3}}(.{1,3})"}\n` +
      `  p${at}: "xpath:substring(//p, ${at * 2 + 1}, 2)"\n  o${at}: "a[href*='=v4lu3'], p:contains('${SECRET.slice(0, at + 1)}')"\n`,
  );
  const { sample, matches, error } = await session.call('test_config', {
    config_name: 'own',
    yaml: stored + pieces.join(''),
  });
  expect(error).toBeNull();
  const name = '${QUICKSCRAPE_TEST_SECRET}#top';
  const [row] = sample as Record<string, string | null>[];
  for (let at = 0; at < 12; at += 1) {
    expect(row?.[`k${at}`]).toBe(name.slice(at * 3, at * 3 + 3) || null);
    expect(row?.[`p${at}`]).toBe(name.slice(0, -4).slice(at * 2, at * 2 + 2) || null);
    expect(row?.[`o${at}`]).toBeNull();
  }
  expect(matches).toContainEqual(expect.objectContaining({ field: 'o0', matched: 0 }));
  expect(site.visits.at(-1)?.path).toBe(`/list?key=${SECRET}`);
});

it('shows no piece of a variable among selectors for examples, though the example is its value', async () => {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.on('/list', (_, response, url) => {
    const key = url.searchParams.get('key');
    const rows = [1, 2, 3].map(
      (n) => `<li class="${key}"><b data-key="${key}">T${n}</b><i>${key} ${n}</i></li>`,
    );
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<ul>${rows.join('')}</ul><p>${key}</p>`);
  });
  const { workspace } = await openHome();
  process.env['QUICKSCRAPE_TEST_SECRET'] = SECRET;
  onTestFinished(() => {
    delete process.env['QUICKSCRAPE_TEST_SECRET'];
  });
  const stored = `url: "${site.url('/list?key=${QUICKSCRAPE_TEST_SECRET}')}"\nselectors:\n  a: b\n`;
  await workspace.configs.write('own', stored);
  const policy = { ...DEFAULT_POLICY, allowPrivateHosts: [{ host: '127.0.0.1', port: site.port }] };
  const session = await Session.open(workspace, { face: 'mcp', policy, log: () => {} });
  const examples = {
    title: 'T2',
    whole: SECRET,
    row: `${SECRET} 2`,
    part: SECRET.slice(0, -1),
    near: `${SECRET}x`,
  };
  const answer = await session.call('find_selectors', { config_name: 'own', examples });
  expect(JSON.stringify(answer)).not.toContain(SECRET.slice(0, 6));
  const fields = answer['fields'] as { name: string; candidates: { selector: string }[] }[];
  expect(fields.map(({ name, candidates }) => [name, candidates.length > 0])).toEqual([
    ['title', true],
    ...['whole', 'row', 'part', 'near'].map((name) => [name, false]),
  ]);
  expect(JSON.stringify(fields.map(({ candidates }) => candidates))).not.toContain('${');
  expect(site.visits.at(-1)?.path).toBe(`/list?key=${SECRET}`);
});
