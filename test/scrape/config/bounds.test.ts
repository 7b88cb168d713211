// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { checkConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { cpuSeconds } from '../../cpu-seconds.ts';
import { propertyRuns } from '../../property-runs.ts';

const OK = 'url: "https://e.com"\nselectors:\n  title: "h1"\n';

/** The message of the refusal and how much processor time it took, in seconds. */
function refusal(yaml: string): { message: string; seconds: number } {
  let message: string | undefined;
  const seconds = cpuSeconds(() => {
    try {
      parseConfig(yaml, 'x.yaml', {});
    } catch (error) {
      if (!(error instanceof QuickscrapeError)) throw error;
      message = error.message;
    }
  });
  if (message === undefined) throw new Error('it was taken');
  return { message, seconds };
}

function aliasBomb(): string {
  const names = 'abcdefghi'.split('');
  const lines = names
    .slice(1)
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${names[index]}`).join(', ')}]`);
  return ['a: &a [x, x, x, x, x, x, x, x, x]', ...lines].join('\n');
}

describe('what would take the process down is refused at once', () => {
  it.each([
    ['20,000 opening brackets', '['.repeat(20_000), 'x.yaml:1:65: nested more than 64 levels deep'],
    ['20,000 opening braces', `a: ${'{a: '.repeat(15_000)}`, 'nested more than 64 levels deep'],
    ['20,000 dashes in a line', '- '.repeat(20_000), 'nested more than 64 levels deep'],
    ['question marks', '? '.repeat(20_000), 'nested more than 64 levels deep'],
    ['dashes with tags and anchors', '- !t &a '.repeat(8000), 'nested more than 64 levels deep'],
    [
      'a staircase of maps',
      Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'x.yaml:65:65: nested more than 64',
    ],
    ['an alias bomb', aliasBomb(), 'aliases expand to too much'],
    [
      'a chain of aliases',
      Array.from({ length: 500 }, (_, n) => (n === 0 ? 'a0: &a0 [x]' : `a${n}: &a${n} [*a${n - 1}]`)).join(
        '\n',
      ),
      'aliases expand to too much',
    ],
    [
      'a file of 3 MB',
      `name: "${'x'.repeat(3_000_000)}"\n${OK}`,
      'the file has 2.9 MB, a configuration may have 2 MB',
    ],
    ...['a: b\n', ',', '\n', '- a\n', '[],'].map((text): [string, string, string] => [
      `${JSON.stringify(text)} over and over`,
      text.repeat(400_000),
      'lines and entries, a configuration may have 50,000',
    ]),
    ['one word of 2 MB', 'x'.repeat(2_000_000), 'expected a map of keys, found a single value'],
    ['100,000 quotes in a row', '"'.repeat(100_000), 'x.yaml:1:'],
  ])('%s', (_name, yaml, expected) => {
    const { message, seconds } = refusal(yaml);
    expect(message).toContain(expected);
    expect(seconds).toBeLessThan(20);
  });

  it('takes 10,000 addresses of 180 characters, soon, and says where one of them is wrong', () => {
    const addresses = Array.from({ length: 10_000 }, (_, n) => `https://e.com/${`${n}`.padStart(165, 'x')}`);
    const list = (all: readonly string[]) =>
      `urls:\n${all.map((url) => `  - "${url}"\n`).join('')}selectors:\n  title: "h1"\n`;
    const seconds = cpuSeconds(() => {
      expect(parseConfig(list(addresses), 'x.yaml', {}).config.urls).toEqual(addresses);
    });
    expect(seconds).toBeLessThan(20);
    const wrong = addresses.with(9_998, 'nowhere');
    expect(checkConfig(list(wrong), 'x.yaml', {})).toMatchObject([
      { path: 'urls[9998]', line: 10_000, message: 'not a web address' },
    ]);
    expect(checkConfig(list(addresses.map(() => 'nowhere')), 'x.yaml', {})).toHaveLength(10_000);
  });

  it('takes a large configuration, deep children and long selectors', () => {
    const fields = Array.from({ length: 2000 }, (_, n) => `  f${n}: ".x${n}"\n`).join('');
    expect(Object.keys(parseConfig(OK + fields, 'x.yaml', {}).config.selectors)).toHaveLength(2001);
    const children = (depth: number): string =>
      depth === 0 ? 'b' : `{selector: a, children: {x: ${children(depth - 1)}}}`;
    expect(
      checkConfig(`${OK}  deep: ${children(20)}\n  long: '${'a[href] > '.repeat(500)}b'\n`, 'x.yaml', {}),
    ).toEqual([]);
  });
});

describe('any text gives a configuration or a QuickscrapeError', () => {
  const answers = (yaml: string): void => {
    for (const issue of checkConfig(yaml, 'x.yaml', {})) expect(issue.line).toBeGreaterThan(0);
    try {
      parseConfig(yaml, 'x.yaml', {});
    } catch (error) {
      if (!(error instanceof QuickscrapeError)) throw error;
      expect(error.code).toBe('invalid_config');
      expect(error.issues?.length).toBeGreaterThan(0);
    }
  };
  const LONG = `name: a\n${OK}  p: {selector: ".p", attribute: href, children: {q: [x]}}\npagination:\n  type: next_button\n  selector: &s ".n"\n  max_pages: 3\ndelays: {type: random, min: 1, max: 2}\noutput:\n  path: "a_{date}.csv"\n  delimiter: ";"\nheaders: {A: "\${B}"}\n`;
  const scrap = fc.constantFrom(
    ...'\t\n:-?[]{}#&*!|>\'"%@`,$.~'.split(''),
    '- ',
    ': ',
    '*s',
    '<<: ',
    '---\n',
    '__proto__',
    '${',
    '!!js',
    '\0',
    '\ufeff',
    'null',
    '1e999',
    ' '.repeat(70),
  );

  it('for any string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), answers), {
      numRuns: propertyRuns(300),
      interruptAfterTimeLimit: 5000,
    });
  });

  it('for strings of YAML', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(scrap, fc.constantFrom('url', 'selectors', 'a', 'https://e.com')), {
            maxLength: 60,
          })
          .map((parts) => parts.join('')),
        answers,
      ),
      {
        numRuns: propertyRuns(500),
        interruptAfterTimeLimit: 5000,
      },
    );
  });

  it('for a configuration with scraps put in and parts cut out', () => {
    const edit = fc.record({
      at: fc.nat(LONG.length),
      cut: fc.nat(12),
      put: fc.oneof(scrap, fc.string({ maxLength: 6 })),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        answers(
          edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), LONG),
        );
      }),
      { numRuns: propertyRuns(800), interruptAfterTimeLimit: 8000 },
    );
  });

  it('for right YAML of any shape', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(
        fc.constantFrom(
          'url',
          'urls',
          'item',
          'selectors',
          'pagination',
          'headers',
          'delays',
          'output',
          'expect',
          'timeout',
        ),
        value,
        (key, json) => {
          answers(`${key}: ${JSON.stringify(json)}\n${key === 'selectors' ? '' : 'selectors: {a: b}\n'}`);
        },
      ),
      { numRuns: propertyRuns(500), interruptAfterTimeLimit: 5000 },
    );
  });
});
