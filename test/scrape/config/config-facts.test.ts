import { expect, it } from 'vitest';
import { examineConfig } from '../../../src/scrape/config/parse-config.ts';

const SELECTORS = 'selectors: { title: h1 }\n';
const hostsOf = (yaml: string, env = {}) =>
  examineConfig(`${yaml}\n${SELECTORS}`, 'x.yaml', env).facts?.privateHosts;

it.each([
  ['http://localhost:8080/', 'localhost:8080'],
  ['https://2130706433/', '127.0.0.1:443'],
  ['http://0x7f.1:81/', '127.0.0.1:81'],
  ['https://[::FFFF:10.0.0.1]/', '[::ffff:a00:1]:443'],
  ['http://169.254.169.254:8/latest', '169.254.169.254:8'],
  ['https://metadata.google.internal./', 'metadata.google.internal:443'],
  ['https://user:word@NAS/', 'nas:443'],
])('%s names the private place %s', (url, host) => {
  expect(hostsOf(`url: "${url}"`)).toEqual([host]);
});

it.each([
  ['a sitemap', 'sitemap: "http://10.0.0.5:3128/sitemap.xml"'],
  ['a sitemap with keys', 'sitemap:\n  url: "http://10.0.0.5:3128/robots.txt"'],
  ['a proxy', 'url: "https://e.com/"\nproxy: "http://ann:word@10.0.0.5:3128"'],
  [
    'a sign-in',
    'url: "https://e.com/"\nauthentication: { type: form, login_url: "http://10.0.0.5:3128/", username: a, password: b }',
  ],
])('private hosts of a sitemap, a sign-in and a proxy count, too: %s', (_name, yaml) => {
  expect(hostsOf(yaml)).toEqual(['10.0.0.5:3128']);
});

it('count at the port of encryption, too, where a site at the usual port may lead there', () => {
  expect(hostsOf('url: "http://nas/"')).toEqual(['nas:80', 'nas:443']);
});

it('names none in public addresses, and all that allow_private_hosts lists', () => {
  expect(hostsOf('urls: ["https://shop.example/", "http://93.184.216.34/"]')).toEqual([]);
  const listed = '["Shop.Example:443", "fd00::1", "http://10.0.0.2:81/x", "fe80::1%eth0", "10.0.0.2"]';
  expect(hostsOf(`url: "https://shop.example/"\nallow_private_hosts: ${listed}`)).toEqual([
    'shop.example:443',
    'fd00::1',
    '10.0.0.2:81',
    'fe80::1%eth0',
    '10.0.0.2',
  ]);
});

it('are given for a configuration with unset variables, and for one with errors', () => {
  const yaml = `url: "\${SHOP}/list"\n${SELECTORS}output: { path: "\${PLACE}/x.csv" }\nallow_private_hosts: [nas]\n`;
  const told = { privateHosts: ['nas'], outputPath: '${PLACE}/x.csv', variables: ['SHOP', 'PLACE'] };
  expect(examineConfig(yaml, 'x.yaml', {}).facts).toEqual({
    ...told,
    caFile: null,
    addressFiles: [],
    addressJob: null,
    concurrency: null,
    needsBrowser: false,
    addresses: ['${SHOP}/list'],
    references: [
      { path: 'url', text: '${SHOP}/list', ways: '' },
      { path: 'output.path', text: '${PLACE}/x.csv', ways: '' },
    ],
    countedBy: null,
    secrets: [],
    headers: [],
    request: null,
  });
  const filled = examineConfig(`${yaml}bogus: 1\n`, 'x.yaml', { SHOP: 'http://10.0.0.7' });
  expect(filled.facts).toMatchObject({ ...told, privateHosts: ['10.0.0.7:80', '10.0.0.7:443', 'nas'] });
  expect(examineConfig('[', 'x.yaml', {}).facts).toBeNull();
});

it('hold no value of a variable', () => {
  expect(hostsOf('url: "https://${TOKEN}/"', { TOKEN: 'hush-hush' })).toEqual(['${TOKEN}:443']);
});

const collectJobFacts = (lines: string) =>
  examineConfig(`url: "https://shop.example/"\n${SELECTORS}${lines}`, 'x.yaml', {}).facts;
const waysOf = (lines: string) => collectJobFacts(lines)?.references.map(({ ways }) => ways);

it('say by which ways a value comes to every host that the pages lead to', () => {
  const headers = `headers: { X-Token: "\${A}", REFERER: "\${B}" }\nuser_agent: "\${C}"\n`;
  const [own, ...everywhere] = waysOf(headers) ?? [];
  expect(own).toBe('');
  expect(new Set(everywhere).size).toBe(1);
  for (const way of [
    'pagination: { type: next_button, selector: a.next }',
    'follow: { selector: a, selectors: { b: b } }',
    'sitemap: { url: "https://shop.example/map.xml", hosts: [evil.example] }',
    'crawl: { hosts: [evil.example] }',
  ]) {
    expect(waysOf(headers + way)?.[0]).toBe('');
    expect(waysOf(headers + way)?.[1]).not.toBe(everywhere[0]);
  }
  const follow = (selectors: string) => `${headers}follow: { selector: a, selectors: { ${selectors} } }`;
  expect(waysOf(follow('b: b'))).toEqual(waysOf(follow('c: c')));
});

it.each([
  ['the item that holds the link', 'item: li', 'item: div.comment'],
  [
    'the link',
    'follow: { selector: a, selectors: { b: b } }',
    'follow: { selector: p a, selectors: { b: b } }',
  ],
  ['what counts as a duplicate', 'dedupe: true', 'dedupe: [title]'],
  ['the next page', '', 'pagination: { type: next_button, selector: a }'],
  ['what renders the page', '', 'backend: browser'],
  ['the sign-in', '', 'authentication: { type: form, login_url: "https://shop.example/in", username: a }'],
])('count every key that chooses the pages that a header goes to: %s', (_, before, after) => {
  const follow = before.startsWith('follow') ? '' : 'follow: { selector: a, selectors: { b: b } }\n';
  for (const header of ['headers: { Accept-Language: "${A}" }\n', 'user_agent: "Bot ${A}"\n'])
    expect(waysOf(header + follow + before)).not.toEqual(waysOf(header + follow + after));
});

it('do not count what chooses no page', () => {
  const header = 'user_agent: "Bot ${A}"\n';
  expect(waysOf(`${header}item: li`)).toEqual(waysOf(`${header}item: div`));
});

it('say into which form a value goes that signs in, and not how it shows that one is signed in', () => {
  const signIn = (more: string) =>
    `authentication: { type: form, login_url: "https://shop.example/in", password: "\${A}"${more} }\n`;
  expect(waysOf(signIn(', success_selector: a'))).toEqual(waysOf(signIn('')));
  expect(waysOf(signIn(', password_field: comment'))).not.toEqual(waysOf(signIn('')));
  expect(waysOf(signIn(', fields: { to: all }'))).not.toEqual(waysOf(signIn('')));
});

it.each([
  ['{ type: url_param, param_name: p }', 'p'],
  ['{ type: url_param, param: p }', 'p'],
  ['{ type: cursor, selector: a, param_name: p }', 'p'],
  ['{ type: cursor, selector: a }', 'cursor'],
  ['{ type: next_button, selector: a }', null],
])('say which parameter counts the pages: %s', (pagination, name) => {
  expect(collectJobFacts(`pagination: ${pagination}\n`)?.countedBy).toBe(name);
});

it.each([
  ['backend: browser', true],
  ['backend: playwright', true],
  ['pagination: { type: load_more, selector: button }', true],
  ['backend: auto', false],
  ['pagination: { type: next_button, selector: a }', false],
])('whether its pages come from a browser only: %s', (line, needsBrowser) => {
  const yaml = `url: "https://example.com/"\n${SELECTORS}${line}\n`;
  expect(examineConfig(yaml, 'x.yaml', {}).facts).toMatchObject({ needsBrowser });
});

it('name the file of authorities that it trusts', () => {
  const yaml = `url: "https://e.com/"\n${SELECTORS}ca: /etc/ssl/ours.pem\n`;
  expect(examineConfig(yaml, 'x.yaml', {}).facts).toMatchObject({ caFile: '/etc/ssl/ours.pem' });
});

it('the request, if it does more than read, with its headers and what decides about its secrets', () => {
  const facts = (request: string) =>
    examineConfig(`url: "https://x.example/"\nselectors: {a: b}\nrequest: ${request}\n`, 'x.yaml', {}).facts;
  expect(facts('{headers: {X-A: "${TOKEN}"}, json: {a: 1}}')).toMatchObject({
    request: { does: 'sends POST' },
    headers: [{ name: 'X-A', text: '${TOKEN}', under: 'request' }],
    references: [{ path: 'request.headers.X-A', ways: expect.stringContaining('"json"') }],
  });
  expect(facts('{graphql: {query: "{ a }"}}')?.request).toEqual({
    text: '{"graphql":{"query":"{ a }"}}',
    does: null,
  });
});
