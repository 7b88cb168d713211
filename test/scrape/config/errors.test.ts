// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { describe, expect, it } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { checkConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { ADDRESSES, FIELDS, PAGINATION, REST, YAML } from './seeded-errors.ts';
import { FOLLOWING, READING, XPATH } from './seeded-reading-errors.ts';
import { SOURCES } from './seeded-source-errors.ts';

const OK = 'url: "https://e.com"\nselectors:\n  title: "h1"\n';

/** `line:column path` and the message with its hint, of every issue. */
function issuesOf(yaml: string): { at: string; text: string }[] {
  try {
    parseConfig(yaml, 'books.yaml', {});
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    expect(error.code).toBe('invalid_config');
    return (error.issues ?? []).map(({ line, column, path, message, hint }) => ({
      at: `${line}:${column} ${path}`.trim(),
      text: `${message} | ${hint ?? ''}`,
    }));
  }
  return [];
}

describe.each([
  ['addresses', ADDRESSES],
  ['where pages come from', SOURCES],
  ['fields', FIELDS],
  ['XPath', XPATH],
  ['how values are read', READING],
  ['detail pages and repeated rows', FOLLOWING],
  ['pagination', PAGINATION],
  ['other keys', REST],
  ['the text itself', YAML],
])('an error in %s is reported with line and column', (_group, seeded) => {
  it.each(seeded)('%s', (_name, yaml, at, says) => {
    const [issue, ...others] = issuesOf(yaml);
    expect(issue?.at).toBe(at);
    expect(issue?.text).toMatch(typeof says === 'string' ? new RegExp(escapeText(says)) : says);
    expect(others).toEqual([]);
  });
});

function escapeText(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

describe('an error of a configuration', () => {
  const yaml = 'url: "ftp://e.com"\nselectors:\n  a: "b["\nretry: 1\n';

  it('names file, line, column, key and the number of further problems in its message', () => {
    expect(() => parseConfig(yaml, 'books.yaml', {})).toThrow(
      'books.yaml:1:6: url: only http:// and https:// addresses can be fetched (and 2 more)',
    );
  });

  it('names each field once, also one that stands among those of the rows and of the detail page', () => {
    const twice = `${OK}follow: { selector: a, selectors: { title: h1 } }\ndedupe: link\n`;
    expect(issuesOf(twice).map(({ text }) => text)).toEqual([
      expect.stringContaining('the field "title" is already one of the selectors'),
      'there is no field "link" | Fields: title.',
    ]);
  });

  it('has all problems in the order of the lines', () => {
    expect(issuesOf(yaml).map(({ at }) => at)).toEqual(['1:6 url', '3:6 selectors.a', '4:1 retry']);
  });

  it('carries field, hint and file', () => {
    const error = (() => {
      try {
        return parseConfig(yaml, 'books.yaml', {});
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({
      field: 'url',
      hint: expect.stringContaining('https://'),
      issues: [{ file: 'books.yaml' }, {}, {}],
    });
  });

  it('counts columns in CRLF files and behind a byte order mark as editors do', () => {
    expect(issuesOf('url: "https://e.com"\r\nselectors:\r\n  a: "b["\r\n').map(({ at }) => at)).toEqual([
      '3:6 selectors.a',
    ]);
    expect(issuesOf(`\ufeff${OK}retry: 1\n`).map(({ at }) => at)).toEqual(['4:1 retry']);
  });

  it('points at the place of an alias, not of its anchor', () => {
    expect(issuesOf(`name: &n "a["\n${OK}  p: *n\n`).map(({ at }) => at)).toEqual(['5:6 selectors.p']);
  });
});

describe('checkConfig', () => {
  it('gives nothing for a good configuration', () => {
    expect(checkConfig(OK, 'books.yaml', {})).toEqual([]);
  });

  it('marks what keeps it from running and what does not', () => {
    const yaml = `${OK}user_agent: "me"\nheaders: {User-Agent: you}\noutput: {path: a.json, format: csv}\n`;
    expect(checkConfig(yaml, 'b.yaml', {})).toMatchObject([
      { severity: 'warning', path: 'headers.User-Agent', line: 5, column: 11 },
      { severity: 'warning', path: 'output.path', line: 6, column: 16 },
    ]);
    expect(checkConfig(`${OK}retry: 1\n`, 'b.yaml', {})).toMatchObject([
      { severity: 'error', path: 'retry' },
    ]);
  });

  it.each([
    ['{path: a.csv}'],
    ['{path: a.NDJSON}'],
    ['{format: json}'],
    ['{path: a.tsv, format: csv}'],
    ['{path: "a.{date}", format: csv}'],
  ])('finds no fault with output: %s', (output) => {
    expect(checkConfig(`${OK}output: ${output}\n`, 'b.yaml', {})).toEqual([]);
  });

  it('says that a file name and the format do not go together', () => {
    expect(checkConfig(`${OK}output: {path: a.ndjson, format: json}\n`, 'b.yaml', {})).toMatchObject([
      {
        severity: 'warning',
        message: 'the file is named .ndjson and the format is json',
        hint: 'Set format: jsonl, or rename the file.',
      },
    ]);
  });

  it('says that cloudscraper only fetches plainly, and names the allowed values', () => {
    expect(checkConfig(`${OK}backend: cloudscraper\n`, 'b.yaml', {})).toMatchObject([
      {
        severity: 'warning',
        path: 'backend',
        line: 4,
        column: 10,
        message: 'cloudscraper does not pass a site’s checks here: it fetches plainly, as requests does',
        hint: expect.stringMatching(/requests.*Allowed: auto, requests, cloudscraper, browser, playwright/),
      },
    ]);
    expect(checkConfig(`${OK}backend: requests\n`, 'b.yaml', {})).toEqual([]);
  });

  it('reports an unset variable as a warning, and assumes a valid value', () => {
    const yaml = 'url: "${SHOP}"\nselectors: {a: "b"}\nretry: 1\n';
    expect(checkConfig(yaml, 'b.yaml', {})).toMatchObject([
      {
        severity: 'warning',
        path: 'url',
        line: 1,
        column: 6,
        message: 'the environment variable SHOP is not set',
        isUnsetVariable: true,
      },
      { severity: 'error', path: 'retry' },
    ]);
    expect(checkConfig('url: "${SHOP}"\nselectors: {a: "b"}\n', 'b.yaml', { SHOP: 'https://e.com' })).toEqual(
      [],
    );
  });
});
