import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redactor } from '../../src/scrape/redact.ts';

const secret = 'p@ss wörd/7&x="1';
const redact = redactor({ TOKEN: secret });

it.each([
  ['as it is', secret],
  ['in a path', new URL(`http://x/${secret}/y`).href],
  ['in a query', new URL(`http://x/?k=${secret}`).href],
  ['as a component', `http://x/?k=${encodeURIComponent(secret)}`],
  ['in a form', new URLSearchParams({ k: secret }).toString()],
  ['with small hexadecimal digits', encodeURIComponent(secret).toLowerCase()],
  ['in JSON', JSON.stringify({ token: secret })],
  ['in Base64', Buffer.from(secret).toString('base64')],
  ['as Basic authentication', `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`],
  ['as Basic authentication of a longer name', `Basic ${Buffer.from(`mee:${secret}`).toString('base64')}`],
  ['encoded twice, as in an address within an address', encodeURIComponent(encodeURIComponent(secret))],
  [
    'in the address that a login page goes back to',
    new URL(`http://x/login?${new URLSearchParams({ next: `http://x/a?k=${encodeURIComponent(secret)}` })}`)
      .href,
  ],
  [
    'in the query of such an address',
    `/login?next=${encodeURIComponent(new URL(`http://x/?k=${secret}`).href)}`,
  ],
  ['with every byte encoded', [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join('')],
  ['as a user’s name in an address', `http://${encodeURIComponent(secret)}@x/`],
  ['in JSON within JSON', JSON.stringify(JSON.stringify({ token: secret }))],
  ['in JSON that is ASCII', JSON.stringify(secret).replace('ö', '\\u00f6')],
  ['in HTML', 'p@ss wörd/7&amp;x=&quot;1'],
  ['of a header, in Latin-1', Buffer.from(secret).toString('latin1')],
  ['in Base64 for addresses', `x.${Buffer.from(`{"k":"${secret}"}`).toString('base64url')}.y`],
  ['in Base64 within an address', encodeURIComponent(Buffer.from(secret).toString('base64'))],
  ['cut within an escape', `http://x/?k=${encodeURIComponent(secret).slice(0, 11)}…`],
  ['cut', `http://x/?k=${encodeURIComponent(secret).slice(0, 12)}…`],
])('takes a value out of a text %s', (_, text) => {
  const said = redact(`see ${text} there`);
  expect(said).toContain('${TOKEN}');
  expect(said).not.toMatch(/rd\/7|rd%(25)*2F7|p@ss|p%(25)*40ss|%70%40%73|cEBzc/i);
});

it.each([
  ['a host’s name, in ASCII', 'tenant-äöü', new URL('http://tenant-äöü.invalid/').href, /tenant/],
  [
    'lines, of which a message shows one',
    'line one of it\nline two of it',
    'see "line two of it" there',
    /two/,
  ],
  ['lines, indented', 'first secret\nsecond secret', 'first secret\n    second secret', /secret/],
  ['lines, of which an address makes one', 'ab=cd\nef', new URL('http://x/?ab=cd\nef').href, /ab=cd/],
  ['white space around it', ' s3cret \n', 'http://x/s3cret/', /s3cret/],
  ['nothing but signs', '"\\"+"', 'see "\\"+" there', /"/],
  ['a hundred thousand letters', 'k9'.repeat(50_000), `see ${'k9'.repeat(50_000)} there`, /k9/],
])('takes a value out that is %s', (_, value, text, left) => {
  const said = redactor({ TOKEN: value })(text);
  expect(said).toContain('${TOKEN}');
  expect(said).not.toMatch(left);
});

it('leaves texts without the value, and values that are too short to be secret, as they are', () => {
  expect(redact('http://x/list: HTTP 200, 3 items')).toBe('http://x/list: HTTP 200, 3 items');
  expect(redactor({ N: '80', EMPTY: '' })('port 80, page 80')).toBe('port 80, page 80');
});

it('takes any value out, wherever it stands', () => {
  const value = fc.string({ minLength: 4, maxLength: 40 }).filter((text) => text.trim().length >= 4);
  fc.assert(
    fc.property(value, fc.string(), (text, before) => {
      const said = redactor({ N: text })(`${before}${text}`);
      expect(said.replaceAll('${N}', '')).not.toContain(text);
      expect(said).toContain('${N}');
    }),
    { numRuns: 500 },
  );
});
