import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeJson, NoJson, readJson } from '../../../src/scrape/extract/read-json.ts';

describe('readJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        // Larger numbers become texts.
        fc.pre(!/\d{16}/.test(text));
        expect(readJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps each whole number, as a text where a number would lose digits', () => {
    const digits = fc.stringMatching(/^(?:0|-?[1-9]\d{0,20})$/);
    const token = fc.oneof(
      digits.map((text) => [text, Number.isSafeInteger(Number(text)) ? Number(text) : text]),
      fc.stringMatching(/^[\d ,:.-]{0,40}$/).map((text) => [JSON.stringify(text), text]),
      fc.constant(['0.30000000000000004', 0.30000000000000004]),
    );
    const space = fc.constantFrom('', ' ', '\n  ');
    fc.assert(
      fc.property(fc.array(token), space, (tokens, before) => {
        const text = `[${tokens.map(([written]) => before + written).join(',')}]`;
        expect(readJson(text)).toEqual(tokens.map(([, value]) => value));
      }),
    );
  });

  it.each([
    ['\uFEFF{"a":1}', { a: 1 }],
    [')]}\',\n{"a":1}', { a: 1 }],
    ['for(;;);{"a":1}', { a: 1 }],
    ['callback({"a":1});', { a: 1 }],
    ['/**/ns.call_back([1])', [1]],
    ['{"a":1}\n\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    ['{"id":1234567890123456789,"n":12}', { id: '1234567890123456789', n: 12 }],
    ['[9007199254740991,-9007199254740993]', [9_007_199_254_740_991, '-9007199254740993']],
    [
      '{"t":"1234567890123456789, 2","f":1234567890123456.5}',
      { t: '1234567890123456789, 2', f: 1_234_567_890_123_456.5 },
    ],
    ['{"a":1,"a":2}', { a: 2 }],
    // Too large for a number.
    [
      '{"a":1e999,"b":[-2.5E+400],"c":1e3,"d":1e100,"t":"1e999","e":1e-400}',
      { a: '1e999', b: ['-2.5E+400'], c: 1000, d: 1e100, t: '1e999', e: 0 },
    ],
    // A secret value, concealed in a page of JSON.
    ['{"pin":${PIN},"t":"${PIN} here"}', { pin: '${PIN}', t: '${PIN} here' }],
  ])('reads %j', (text, value) => {
    expect(readJson(text)).toEqual(value);
  });

  it.each([
    ['{"a":NaN}', 'is not JSON from line 1, column 6 on: "NaN" is not allowed there'],
    ['{\n "a": undefined}', 'is not JSON from line 2, column 7 on: "undefined" is not allowed there'],
    ["{'a':1}", 'is not JSON from line 1, column 2 on: "\'" is not allowed there'],
    ['{"a":1,}', 'is not JSON from line 1, column 8 on: "}" is not allowed there'],
    ['{"a":[1', 'is not JSON from line 1, column 8 on: the text ends there'],
    ['{"a" 1}', 'is not JSON from line 1, column 6 on: "1" is not allowed there'],
    ['{"a":"x\ny"}', 'is not JSON from line 1, column 8 on: the line ends there'],
    [')]}\',\n{"a":NaN}', 'is not JSON from line 2, column 6 on: "NaN" is not allowed there'],
    ['<html>', 'is not JSON from line 1, column 1 on: "<" is not allowed there'],
    ['  ', 'is empty'],
  ])('refuses %j with its place', (text, message) => {
    expect(() => readJson(text)).toThrow(new NoJson(message));
  });
});

it.each([
  ['{"a":1}', true],
  ['[{"a":1}]', true],
  ['[1,2]', true],
  ['cb({"a":1})', true],
  ['{ color: red }', false],
  ['<p>[1]</p>', false],
  ['[link] text', false],
  ['', false],
])('looksLikeJson(%j) is %s', (text, is) => {
  expect(looksLikeJson(text)).toBe(is);
});
