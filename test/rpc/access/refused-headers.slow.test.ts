import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { isRefusedHeader } from '../../../src/rpc/access/enforce-policy.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';
import { openHome, refusal } from '../../core/operations/open-home.ts';
import { Site } from '../../scrape/site.ts';

const REFUSED = [
  ...['Host', 'Content-Length', 'Transfer-Encoding', 'TE', 'Trailer', 'Connection', 'Keep-Alive', 'Upgrade'],
  ...['Expect', 'Via', 'Forwarded', 'Proxy-Authorization', 'Proxy-Connection', 'X-Forwarded-For'],
  ...[
    'X-Forwarded-Host',
    'X-Real-IP',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method-Override',
    'X-Method-Override',
    'CF-Connecting-IP',
  ],
  ...['X-HTTP-Method', 'X-Host', 'X-Client-IP', 'True-Client-IP'],
];

it('refuses a header in any case, and with characters that servers take for "-"', () => {
  const spelling = fc.constantFrom(...REFUSED).chain((name) =>
    fc
      .tuple(
        fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }),
        fc.constantFrom('-', '_', '.'),
      )
      .map(([upper, sign]) =>
        [...name]
          .map((char, at) => (upper[at] ? char.toUpperCase() : char.toLowerCase()))
          .join('')
          .replaceAll('-', sign),
      ),
  );
  fc.assert(fc.property(spelling, (name) => isRefusedHeader(name)));
});

it.each([
  ...['Accept', 'Accept-Language', 'Authorization', 'Cookie', 'Referer', 'User-Agent', 'X-Requested-With'],
  ...['X-Api-Key', 'DNT', 'Origin', 'Cache-Control', 'Hostess', 'Test'],
])('takes a header that sites are usually sent: %s', (name) => {
  expect(isRefusedHeader(name)).toBe(false);
});

async function withSite() {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.html('/list', '<h3>one</h3>');
  const { workspace } = await openHome();
  const policy = { ...DEFAULT_POLICY, allowPrivateHosts: [{ host: '127.0.0.1', port: site.port }] };
  const session = await Session.open(workspace, { face: 'mcp', policy, log: () => {} });
  const text = (lines: string) => `url: "${site.url('/list')}"\nselectors:\n  a: h3\n${lines}`;
  return { site, workspace, session, text };
}

it.each([
  'headers: { Host: admin.internal }\n',
  'headers: { hOsT: 7 }\n',
  'headers: { "x_forwarded_host": admin.internal }\n',
  'description: &host admin.internal\nheaders: { Host: *host }\n',
  'authentication: { type: form, login_url: "https://shop.example/", password: a, fields: &all { Host: a } }\nheaders: *all\n',
])('sends no such header of a client’s text, not with robots.txt either: %s', async (lines) => {
  const { site, session, text } = await withSite();
  const sly = { config_name: 'sly', yaml: text(lines) };
  for (const error of await Promise.all([
    refusal(session.call('test_config', { yaml: text(lines) })),
    refusal(session.call('save_config', sly)),
    refusal(session.call('save_config', { ...sly, dry_run: true })),
  ]))
    expect(error).toMatchObject({
      code: 'not_allowed',
      field: 'yaml',
      message: expect.stringMatching(/headers\.\w+: it could lead a request/),
      hint: expect.stringContaining('ask the person'),
    });
  expect(site.visits).toEqual([]);
});

it.each([
  'headers: { "Host ": a }\n',
  'headers: { "Ho\\u212ast": a }\n',
  'headers: { ":authority": a }\n',
  'headers: { "Accept\\r\\nHost": a }\n',
  'headers: { "Host\\n": a }\n',
  'headers: { Accept: "a\\r\\nHost: b" }\n',
  'headers: { <<: { Host: a } }\n',
  'user_agent: "a\\r\\nHost: b"\n',
  'follow: { selector: a, selectors: { b: c }, headers: { Host: a } }\n',
  'sitemap: { url: "https://shop.example/s.xml", headers: { Host: a } }\n',
])('sees the headers that are sent, and no others can be: %s', (lines) => {
  const yaml = `url: "https://shop.example/"\nselectors:\n  a: h3\n${lines}`;
  expect(checkConfig(yaml, 'x.yaml', {})).toContainEqual(expect.objectContaining({ severity: 'error' }));
});

it('keeps a header that the person’s own text has, for its addresses', async () => {
  const { site, workspace, session, text } = await withSite();
  const own = text('headers: { Host: shop.example, Accept-Language: de }\n');
  await workspace.configs.write('own', own);
  const repaired = own.replace('a: h3', 'a: h3\n  b: h3');
  expect(await session.call('test_config', { config_name: 'own' })).toMatchObject({ error: null });
  expect(await session.call('test_config', { config_name: 'own', yaml: repaired })).toMatchObject({
    error: null,
  });
  await session.call('save_config', { config_name: 'own', yaml: repaired });
  expect(site.visitsOf('/list').map(({ headers }) => headers.host)).toEqual(['shop.example', 'shop.example']);
  const changed = [
    repaired.replace('shop.example', 'admin.internal'),
    repaired.replace('/list', '/admin'),
    repaired.replace('Accept-Language: de', 'X-Original-URL: /admin'),
  ];
  const refused = await Promise.all([
    ...changed.map((yaml) => refusal(session.call('test_config', { config_name: 'own', yaml }))),
    refusal(session.call('save_config', { config_name: 'own', yaml: changed[0] })),
    refusal(session.call('save_config', { config_name: 'other', yaml: repaired })),
  ]);
  for (const error of refused) expect(error).toMatchObject({ code: 'not_allowed', field: 'yaml' });
  expect(site.visits.every(({ path }) => path !== '/admin')).toBe(true);
});
