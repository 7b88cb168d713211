import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { changeConfig } from '../../../src/scrape/config/change-config.ts';
import { propertyRuns } from '../../property-runs.ts';

const SHOP = bookshopConfig('http://127.0.0.1:1/');
const change = (text: string, changes: Record<string, unknown>) => changeConfig(text, 'shop.yaml', changes);
/** The lines that differ. */
const difference = (changes: Record<string, unknown>, text = SHOP) => {
  const [before, after] = [text, change(text, changes)].map((one) => one.split('\n'));
  return [
    ...(before ?? []).filter((line) => !after?.includes(line)).map((line) => `- ${line.trim()}`),
    ...(after ?? []).filter((line) => !before?.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
};

describe('a change in the text of a configuration', () => {
  it('replaces one value, and leaves comments, order and quotes', () => {
    const changes = { 'selectors.price': '.cost > .amount', 'pagination.selector': 'a.following' };
    expect(difference(changes)).toEqual([
      '- price: .product_price .price_color',
      '- selector: ul.pager li.next a',
      '+ price: .cost > .amount',
      '+ selector: a.following',
    ]);
    expect(change(`url: 'a'\r\nitem: "li"  # row\r\n`, { url: "it's", item: '#x' })).toBe(
      `url: 'it''s'\r\nitem: "#x"  # row\r\n`,
    );
  });

  it('of a field that is an object changes its selector, unless an object is given', () => {
    expect(difference({ 'selectors.title': 'h2 a' })).toEqual(['+ selector: h2 a']);
    expect(parse(change(SHOP, { 'selectors.title': 'h2 a' })).selectors.title).toEqual({
      selector: 'h2 a',
      attribute: 'title',
    });
    expect(parse(change(SHOP, { 'selectors.title': { selector: 'h2' } })).selectors.title).toEqual({
      selector: 'h2',
    });
  });

  it('of a field that is a text adds a key', () => {
    expect(difference({ 'selectors.price.type': 'price' })).toEqual([
      '- price: .product_price .price_color',
      '+ price: { selector: .product_price .price_color, type: price }',
    ]);
  });

  it('adds fields and sections, also where there are none', () => {
    expect(difference({ 'selectors.stock': '[data-stock="1"]' })).toEqual([
      '+ stock: "[data-stock=\\"1\\"]"',
    ]);
    expect(difference({ 'follow.selector': 'a', 'follow.selectors.text': 'p' })).toEqual([
      '+ follow: { selector: a, selectors: { text: p } }',
    ]);
    expect(
      change('url: a\nselectors: {a: b}\nfollow:\n', { 'selectors.c': 'd', 'follow.selector': 'x' }),
    ).toBe('url: a\nselectors: {a: b, c: d}\nfollow: { selector: x }\n');
  });

  it('removes a key by null', () => {
    expect(parse(change(SHOP, { delays: null, 'selectors.rating': null }))).toEqual(
      expect.not.objectContaining({ delays: expect.anything() }),
    );
    expect(change('a: 1\nurl: {x: 1, y: 2} # c\n', { 'url.x': null, a: null })).toBe('url: {y: 2} # c\n');
  });

  it('finds nested fields by their names, and names that have dots', () => {
    const text = 'url: a\nselectors:\n  seller:\n    selector: .s\n    children: { name: b }\n  a.b: i\n';
    expect(change(text, { 'selectors.seller.name': 'u', 'selectors.a.b': 'em' })).toBe(
      text.replace('name: b', 'name: u').replace('a.b: i', 'a.b: em'),
    );
    expect(change(text, { 'selectors.seller.children.name': 'u' })).toBe(text.replace('name: b', 'name: u'));
  });

  it.for([
    ['selectors.pric', null, /has no selectors\.pric.*selectors\.price/],
    ['url.key', 'x', /url is a text.*\{key: …\}/],
    ['selectors..a', 'x', /is not a key/],
    ['a.__proto__', 'x', /is not a key/],
  ] as const)('cannot be made at %s: it says why', ([path, value, said]) => {
    const tried = () => change(SHOP, { [path]: value });
    expect(tried).toThrow(expect.objectContaining({ code: 'invalid_params', field: 'changes' }));
    try {
      tried();
    } catch (error) {
      const { message, hint } = error as { message: string; hint: string };
      expect(`${message} ${hint}`).toMatch(said);
    }
  });

  it('cannot be made where the text says it twice, and nothing is guessed', () => {
    expect(() => change('url: &a x\nitem: *a\n', { url: 'y' })).toThrow(/cannot be changed alone/);
    expect(() => change('url: [', { url: 'y' })).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  });
});

const name = fc.stringMatching(/^[a-z]{1,3}$/);
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '#a',
    '.b > c',
    '[d="e"]',
    'a: b',
    "it's",
    '*',
    'x #y',
    '- z',
    '12',
    'true',
    'null',
    '',
    ' a',
  ),
  fc.integer(),
  fc.boolean(),
);
const data = fc.dictionary(
  name,
  fc.oneof(
    scalar,
    fc.dictionary(name, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);
const style = fc.record({
  collectionStyle: fc.constantFrom('any', 'block', 'flow') as fc.Arbitrary<'any' | 'block' | 'flow'>,
  defaultStringType: fc.constantFrom(
    'PLAIN',
    'QUOTE_SINGLE',
    'QUOTE_DOUBLE',
    'BLOCK_LITERAL',
  ) as fc.Arbitrary<'PLAIN'>,
  indent: fc.constantFrom(2, 4),
});
const path = fc.array(name, { minLength: 1, maxLength: 3 });

it('whatever the text and the change: the result says what is wanted, or the change is refused', () => {
  let made = 0;
  let unusual = 0;
  fc.assert(
    fc.property(data, style, path, fc.option(fc.oneof(scalar, data)), (written, how, keys, value) => {
      const text = `# first\n${stringify(written, how)}# last\n`;
      const before = parse(text) as Record<string, unknown>;
      let after: string;
      try {
        after = change(text, { [keys.join('.')]: value });
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid_params' });
        if (/alone/.test((error as Error).message)) unusual += 1;
        return;
      }
      made += 1;
      const wanted = structuredClone(before);
      let node: Record<string, unknown> = wanted;
      for (const key of keys.slice(0, -1)) {
        node[key] ??= {};
        node = node[key] as Record<string, unknown>;
      }
      const last = keys.at(-1) ?? '';
      if (value === null) delete node[last];
      else node[last] = value;
      expect(parse(after)).toEqual(wanted);
      expect(after).toMatch(/^# first\n/);
      expect(after).toMatch(/# last\n$/);
    }),
    { numRuns: propertyRuns(400) },
  );
  // All others are refused because there is nothing to remove, or a text in the way.
  expect(made).toBeGreaterThan(propertyRuns(100));
  expect(unusual).toBeLessThan(10);
});
