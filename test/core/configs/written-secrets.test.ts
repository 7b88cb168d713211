import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  concealWrittenSecrets,
  findWrittenSecrets,
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
