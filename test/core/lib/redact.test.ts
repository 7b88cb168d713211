import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConcealer, createRedactor } from '../../../src/core/lib/redact.ts';
import { propertyRuns } from '../../property-runs.ts';

const secret = 'p@ss wörd/7&x="1';
const redact = createRedactor({ TOKEN: secret });

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
  ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
  ['in large hexadecimal digits', `0x${Buffer.from(secret).toString('hex').toUpperCase()}`],
  ['in hexadecimal digits, byte by byte', Buffer.from(secret).toString('hex').replaceAll(/../g, '$& ')],
  ['in hexadecimal escapes', Buffer.from(secret).toString('hex').replaceAll(/../g, '\\x$&')],
  ['in an inline script', 'p@ss wörd\\x2f7\\x26x\\x3d\\x221'],
  ['in an inline script, the newer way', 'p\\u{40}ss w\\u{f6}rd\\u{2f}7&x=\\u{22}1'],
  ['in HTML, by numbers', 'p@ss w&#246;rd&#047;7&#38;x&#61;&#34;1'],
  ['in HTML, by hexadecimal numbers', 'p@ss wörd&#x2F;7&#x26;x&#x3D;&#x22;1'],
  ['in HTML within HTML', 'p@ss wörd&amp;#x2F;7&amp;amp;x=&amp;quot;1'],
  ['in an inline script, cut within an escape', 'p@ss wörd\\x2f7\\x26x\\x3…'],
  ['in HTML by numbers, cut within an escape', 'p@ss wörd&#x2F;7&#3…'],
  ['cut within an escape', `http://x/?k=${encodeURIComponent(secret).slice(0, 11)}…`],
  ['cut', `http://x/?k=${encodeURIComponent(secret).slice(0, 12)}…`],
])('takes a value out of a text %s', (_, text) => {
  const said = redact(`see ${text} there`);
  expect(said).toContain('${TOKEN}');
  expect(said).not.toMatch(/rd\/7|rd%(25)*2F7|rd.{1,6}7|p@ss|p%(25)*40ss|%70%40%73|cEBzc|70 ?40 ?73|x70/i);
});

it.each([
  ['a soft hyphen', '\u00ad'],
  ['a zero-width space', '\u200b'],
  ['a zero-width joiner', '\u200d'],
  ['a word joiner', '\u2060'],
  ['a byte order mark', '\ufeff'],
  ['a variation selector', '\ufe0f'],
  ['a variation selector of the supplement', '\u{e0100}'],
  ['a grapheme joiner', '\u034f'],
  ['a filler', '\u3164'],
  ['a zero-width space by its number', '&#8203;'],
  ['a mark for the direction of text', '\u202e'],
  ['a zero-width space in an address', '%E2%80%8B'],
  ['a zero-width space in JSON', '\\u200b'],
])('takes a value out that has %s between its letters', (_, unseen) => {
  const said = redact(`see ${[...secret].join(unseen)} there`);
  expect(said).toBe('see ${TOKEN} there');
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
  const said = createRedactor({ TOKEN: value })(text);
  expect(said).toContain('${TOKEN}');
  expect(said).not.toMatch(left);
});

it('leaves texts without the value, and values that are too short to be secret, as they are', () => {
  expect(redact('http://x/list: HTTP 200, 3 items')).toBe('http://x/list: HTTP 200, 3 items');
  expect(createRedactor({ N: '80', EMPTY: '' })('port 80, page 80')).toBe('port 80, page 80');
});

it.each(['YvyVyvYVy', 'zqZJjQzqZ'])(
  'shows the text after a value alike, whatever the value repeats: %s',
  (value) => {
    const said = createRedactor({ TOKEN: value })(`http://x/${value}/…: HTTP 200`);
    expect(said).toBe('http://x/${TOKEN}/…: HTTP 200');
  },
);

it('takes a value out of a long text, however many of its quotes may be where a message was cut', () => {
  const said = createRedactor({ KEY: 'S3cr3tK3y-4711' })(
    '<a class="b">x</a> S3cr3tK3y-4711 "S3cr"\n'.repeat(40_000),
  );
  expect(said).toBe('<a class="b">x</a> ${KEY} "${KEY}"\n'.repeat(40_000));
});

it('takes a value out of a text with many strokes', () => {
  const strokes = '\\'.repeat(500_000);
  expect(createRedactor({ KEY: 'S3cr3tK3y-4711' })(`${strokes}é S3cr3tK3y-4711`)).toBe(`${strokes}é \${KEY}`);
});

it('takes any value out, wherever it stands', () => {
  const value = fc.string({ minLength: 4, maxLength: 40 }).filter((text) => text.trim().length >= 4);
  fc.assert(
    fc.property(value, fc.string(), (text, before) => {
      const said = createRedactor({ N: text })(`${before}${text}`);
      expect(said.replaceAll('${N}', '')).not.toContain(text);
      expect(said).toContain('${N}');
    }),
    { numRuns: propertyRuns(500) },
  );
});

describe('for a client that must not confirm a guess', () => {
  const own = createRedactor({ KEY: 'S3cr3tK3y-4711' }, [
    'S3cr',
    'S3crX',
    'S3cr3tK3y-4711',
    'a[href^="S3cr"]',
    '4711',
  ]);

  it.each([
    '"S3cr" matches nothing',
    'S3cr3tK3y-4711 is empty in all items: its selector (a[href^="S3cr"]) matched nothing',
    'S3cr3tK3y-4711',
    'The selectors matched: S3cr3tK3y-4711 0, price 2.',
  ])('its own words stay: %s', (text) => {
    expect(own(text)).toBe(text);
  });

  it.each([
    ['http://x/?key=S3cr3tK3y-4711: HTTP 200', 'http://x/?key=${KEY}: HTTP 200'],
    ['http://x/S3cr…', 'http://x/${KEY}…'],
    ['"a[href^="S3cr"]" on http://x/S3cr3tK3y-4711/2', '"a[href^="S3cr"]" on http://x/${KEY}/2'],
    ['http://me:S3cr3tK3y-4711@x/', 'http://me:${KEY}@x/'],
  ])('addresses do not reveal it: %s', (text, said) => {
    expect(own(text)).toBe(said);
  });

  it('no address reveals a value, for any words', () => {
    const value = fc.string({ minLength: 4, maxLength: 12 }).filter((text) => /^[\w-]+$/.test(text));
    fc.assert(
      fc.property(value, fc.nat(8), fc.integer({ min: 1, max: 8 }), (text, from, length) => {
        const words = [text, text.slice(from, from + length), text.slice(0, length)];
        const said = createRedactor(
          { N: text },
          words,
        )(`"${words[1]}" on http://x/?key=${text}&p=2: HTTP 200`);
        expect(said).toContain('?key=${N}&p=2');
      }),
    );
  });
});

it('takes the same out of a text without escapes, which is tested in a shorter way', () => {
  const secret = fc.constantFrom('Ab+c/D e', '++++', 'a"bc"d', 'S3cr3t', '%41bcd', 'ΟΔΟΣ', 'İzmir', 'Größe');
  const piece = fc.constantFrom(
    'Ab',
    '+',
    'c/D',
    ' ',
    'e',
    'a"b',
    'c"d',
    's3CR',
    '3t',
    '++',
    '%41',
    'bcd',
    '\u00ad',
    '&amp;',
    '\\u0061',
    'ΟΔΟ',
    'Σ',
    'οδος',
    'İz',
    'mir',
    'GRÖ',
    'ße',
    '\u200b',
    '&',
  );
  fc.assert(
    fc.property(secret, fc.array(piece, { maxLength: 12 }), (value, pieces) => {
      const text = pieces.join('');
      // It also takes out what a quote may have cut.
      const whole = createRedactor({ KEY: value })(text.replaceAll('"', "'"));
      const shown = createConcealer({ KEY: value })?.([text.replaceAll('"', "'")])[0];
      expect(shown).toBe(whole);
    }),
    { numRuns: propertyRuns(500) },
  );
});
