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
  ['cut', `http://x/?k=${encodeURIComponent(secret).slice(0, 12)}…`],
])('takes a value out of a text %s', (_, text) => {
  const said = redact(`see ${text} there`);
  expect(said).toContain('${TOKEN}');
  expect(said).not.toMatch(/rd\/7|rd%2F7|p@ss|p%40ss|cEBzc/i);
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
