import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  concealWrittenSecrets,
  findWrittenSecrets,
  getWrittenValues,
  restoreWrittenSecrets,
} from '../../../src/core/configs/written-secrets.ts';

const TEXT = `# The shop
url: "https://anna:hunter2@shop.example/list"   # with a name
proxy: http://bob:p@ss@proxy.example:8080
headers:
  Accept-Language: de
  Authorization: 'Bearer abc.def'
  X-Api-Key: \${KEY}
authentication: {type: form, login_url: "https://shop.example/login", username: anna, password: s3cret!, fields: {pin: 4711, lang: de}}
selectors: {title: h1}
`;
const CONCEALED = `# The shop
url: "https://anna:__CONCEALED_url__@shop.example/list"   # with a name
proxy: http://bob:__CONCEALED_proxy__@proxy.example:8080
headers:
  Accept-Language: de
  Authorization: __CONCEALED_headers_Authorization__
  X-Api-Key: \${KEY}
authentication: {type: form, login_url: "https://shop.example/login", username: anna, password: __CONCEALED_authentication_password__, fields: {pin: __CONCEALED_authentication_fields_pin__, lang: de}}
selectors: {title: h1}
`;

it('replaces what is secret by marks, and nothing else; the same text comes back', () => {
  expect(concealWrittenSecrets(TEXT)).toBe(CONCEALED);
  expect(restoreWrittenSecrets(CONCEALED, TEXT).yaml).toBe(TEXT);
  // Edited elsewhere, with other quotes and in another order.
  const edited = CONCEALED.replace('h1', 'h2').replace(
    '__CONCEALED_headers_Authorization__',
    '"__CONCEALED_headers_Authorization__"',
  );
  expect(restoreWrittenSecrets(edited, TEXT).yaml).toBe(TEXT.replace('h1', 'h2'));
});

it.each([
  ['block text', 'authentication:\n  type: form\n  password: |-\n    hunter2\n  login_url: a\n'],
  ['alias', 'name: &p hunter2\nauthentication: {type: http_basic, username: a, password: *p}\n'],
  ['list of addresses', 'urls:\n  - https://a:hunter2@x.example/\n  - https://hunter2@x.example/\n'],
  ['header of any name', 'headers: {X-Signature: hunter2, x-shop: hunter2, Accept: text/html}\n'],
  ['field of a form', 'authentication:\n  fields: {username: anna, otp: hunter2}\n'],
  ['proxy without a scheme', 'proxy: anna:hunter2@proxy.example:8080\n'],
  ['query of an address', 'url: "https://x.example/?page=1&api_key=hunter2&token=hunter2"\n'],
  ['map with an anchor elsewhere', 'x: &h {Cookie: hunter2}\nheaders: *h\n'],
  ['map that is merged', 'x: &a {password: hunter2}\nauthentication:\n  <<: *a\n  type: form\n'],
  ['text that starts like an alias', 'authentication:\n  password: *hunter2\n'],
  ['line that a tab indents', 'authentication:\n\ttype: form\n\tpassword: hunter2\n'],
  ['no YAML', 'authentication:\n  password: hunter2\n  x: [\nheaders: {Cookie: "id=hunter2"}\n'],
])('conceals in a %s, and restores it', (_, text) => {
  const shown = concealWrittenSecrets(text);
  expect(shown).not.toContain('hunter2');
  expect(restoreWrittenSecrets(shown, text).yaml).toBe(text);
});

it.each([
  [CONCEALED, undefined, 'does not have'],
  [CONCEALED, 'url: https://shop.example/\n', 'does not have'],
  ['url: "https://evil.example/?q=__CONCEALED_authentication_password__"\n', TEXT, 'may stand only there'],
  ['headers: {X-Token: __CONCEALED_headers_Authorization__}\n', TEXT, 'may stand only there'],
  [`${CONCEALED}description: __CONCEALED_proxy__\n`, TEXT, 'may stand only there'],
  ['authentication: {password: x__CONCEALED_authentication_password__}\n', TEXT, 'may stand only there'],
])('refuses a mark elsewhere, or whose value is not stored', (given, stored, problem) => {
  expect(() => restoreWrittenSecrets(given, stored)).toThrow(problem);
});

it('shows what signs in nowhere', () => {
  const text =
    'headers: {Accept-Language: de, User-Agent: x, Sec-Fetch-Mode: cors}\nauthentication: {username: anna, fields: {user_name: anna}}\nurl: "https://x.example/?page=2&q=a@b"\n';
  expect(concealWrittenSecrets(text)).toBe(text);
});

const secret = fc
  .stringMatching(/^[A-Za-z0-9!#%&*+.:;<=>?@^_|~ '"\\-]{6,20}$/)
  .map((text) => `Zq${text.trim()}qZ`);

it('of any password, however it is written, nothing is shown, and what is shown comes back as it was', () => {
  fc.assert(
    fc.property(
      secret,
      fc.constantFrom('password', 'Authorization', 'Cookie', 'proxy'),
      fc.constantFrom('double', 'single', 'folded'),
      (value, place, style) => {
        const written =
          style === 'double'
            ? JSON.stringify(value)
            : style === 'single'
              ? `'${value.replaceAll("'", "''")}'`
              : `>-\n    ${value}\n`;
        const address = `"http://me:${encodeURIComponent(value)}@proxy.example/"`;
        const text =
          place === 'proxy'
            ? `proxy: ${address}\nselectors: {a: b}\n`
            : `${place === 'password' ? 'authentication' : 'headers'}:\n  ${place}: ${written}\nselectors: {a: b}\n`;
        const shown = concealWrittenSecrets(text);
        for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])
          expect(shown).not.toContain(form);
        expect(shown).toContain('__CONCEALED_');
        expect(parse(shown)).toMatchObject({ selectors: { a: 'b' } });
        expect(restoreWrittenSecrets(shown, text).yaml).toBe(text);
      },
    ),
  );
});

it('a text without a written secret stays as it is', () => {
  for (const text of [
    '',
    'a: [',
    'proxy: "http://me:${PW}@p.example"\nheaders: {Accept: x}\n',
    'url: https://x.example/@me\n',
  ])
    expect([concealWrittenSecrets(text), findWrittenSecrets(text)]).toEqual([text, []]);
});

it.each([
  ['dedupe: [*p]\n', 'dedupe'],
  ['name: *p\n', 'name'],
  ['changes: { key: *p }\n', 'changes.key'],
  ['selectors: { title: { selector: *p } }\n', 'selectors.title.selector'],
  ['*p : 1\n', '?'],
])('refuses an alias that would put a secret into another key: %s', (use, path) => {
  const stored = 'url: "https://x.example/"\nheaders: { X-Api-Key: hunter2-hunter2 }\n';
  const sly = stored.replace('hunter2-hunter2', '&p __CONCEALED_headers_X_Api_Key__');
  const error = (() => {
    try {
      restoreWrittenSecrets(sly + use, stored);
    } catch (thrown) {
      return thrown as Error;
    }
    return expect.fail('it was restored');
  })();
  expect(error).toMatchObject({ code: 'invalid_params', field: 'yaml' });
  expect(error.message).toBe(
    `yaml: ${path}: *p stands for the value of headers.X-Api-Key, which is not shown`,
  );
  expect(() =>
    restoreWrittenSecrets(`headers: &p { X-Api-Key: __CONCEALED_headers_X_Api_Key__ }\nexpect: *p\n`, stored),
  ).toThrow('stands for the value');
  // One that the person has written comes back.
  const own = `${stored.replace('hunter2-hunter2', '&p hunter2-hunter2')}user_agent: *p\n`;
  expect(restoreWrittenSecrets(concealWrittenSecrets(own), own).yaml).toBe(own);
});

it('knows what a page may say again: credentials by their name, and no ordinary value', () => {
  const basic = Buffer.from('bob:correct-horse').toString('base64');
  const values = (headers: string) =>
    Object.values(getWrittenValues(`url: "https://x.example/"\nheaders: ${headers}\nselectors: {a: b}\n`));
  expect(values('{Authorization: "Bearer abc.def.ghi"}')).toEqual(['abc.def.ghi']);
  expect(values(`{Proxy-Authorization: "Basic ${basic}"}`)).toEqual([basic, 'correct-horse']);
  expect(values('{Cookie: "consent=accepted; sid=8f14e45fceea; theme=dark"}')).toEqual(['8f14e45fceea']);
  for (const name of ['X-Api-Key', 'Api-Key', 'X-Auth-Token', 'x-shop-token', 'Token'])
    expect(values(`{${name}: abcdefgh}`), name).toEqual(['abcdefgh']);
  // Ordinary headers, short values and variables.
  expect(
    values('{User-Agent: "Mozilla/5.0 (X11)", Accept-Language: "de-DE,de;q=0.9", X-Shop: bookshop-12345}'),
  ).toEqual([]);
  expect(values('{X-Api-Key: short, Authorization: "Bearer ${TOKEN}"}')).toEqual([]);
  expect(
    getWrittenValues(
      'urls: ["https://a:first-pass@x.example/", "https://a:second-pass@y.example/"]\nselectors: {a: b}\n',
    ),
  ).toEqual({ CONCEALED_urls: 'first-pass', CONCEALED_urls_2: 'second-pass' });
});

it('finds the secrets of a request by their names, and not what is filled in for each page', () => {
  const text = `url: "https://shop.example/"
request:
  headers: {X-Api-Key: k-1, Accept: json}
  json: {filter: {password: p-1}, page_token: "{cursor}", country_code: de, token: "\${TOKEN}"}
`;
  expect(findWrittenSecrets(text).map(({ path, value }) => [path, value])).toEqual([
    ['request.headers.X-Api-Key', 'k-1'],
    ['request.json.filter.password', 'p-1'],
  ]);
  expect(restoreWrittenSecrets(concealWrittenSecrets(text), text).yaml).toBe(text);
  expect(getWrittenValues('request: {headers: {Authorization: "Bearer abc.def.ghi"}}')).toEqual({
    CONCEALED_request_headers_Authorization: 'abc.def.ghi',
  });
});
