// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';

const OK = 'url: "https://e.com"\nselectors:\n  title: "h1"\n';
const parse = (yaml: string, env: Record<string, string> = {}) => parseConfig(yaml, 'books.yaml', env).config;

describe('a configuration', () => {
  it('needs an address and a field; the rest has defaults', () => {
    expect(parse(OK)).toEqual({
      urls: ['https://e.com'],
      on_missing: 'skip',
      on_error: 'skip',
      selectors: { title: { selector: 'h1', html: false, multiple: false } },
      pagination: { type: 'none' },
      headers: {},
      data_cleaning: {
        strip_html: false,
        normalize_whitespace: true,
        trim: true,
        convert_numbers: false,
        convert_dates: false,
      },
      backend: 'auto',
      output: { append: false, encoding: 'utf-8', bom: false, escape_formulas: true, key: [] },
      allow_private_hosts: [],
      keep_cookies: true,
      cache: true,
      expect: {},
    });
  });

  it('keeps the given values', () => {
    const config = parse(`name: Books
description: All of them
urls: ["http://a.test/", "https://b.test/x?y=1"]
item: ".book"
selectors: {z: ".z", a: {selector: ".a", children: {b: {selector: ".b", multiple: true, extract_html: true}}}}
pagination: {type: page_number, url_template: "https://b.test/{page}", start_page: 0, end_page: 9, max_pages: 4}
headers: {Accept-Language: de, X-Version: 2}
user_agent: me
delays: {type: random, min: 0.5, max: 2}
data_cleaning: {convert_numbers: true, trim: false}
backend: cloudscraper
output: {format: jsonl, path: "x/{config_name}_{date}.jsonl", append: true, delimiter: "|"}
allow_private_hosts: ["intranet.test"]
respect_robots: false
timeout: 5
expect: {allow_empty: true}
`);
    expect(config).toMatchObject({
      name: 'Books',
      description: 'All of them',
      urls: ['http://a.test/', 'https://b.test/x?y=1'],
      item: '.book',
      selectors: { a: { children: { b: { selector: '.b', multiple: true, html: true } } } },
      pagination: {
        type: 'page_number',
        url_template: 'https://b.test/{page}',
        start_page: 0,
        end_page: 9,
        max_pages: 4,
      },
      headers: { 'Accept-Language': 'de', 'X-Version': '2' },
      user_agent: 'me',
      delays: { type: 'random', min: 0.5, max: 2 },
      data_cleaning: { convert_numbers: true, trim: false, normalize_whitespace: true },
      backend: 'plain',
      output: { format: 'jsonl', path: 'x/{config_name}_{date}.jsonl', append: true, delimiter: '|' },
      allow_private_hosts: ['intranet.test'],
      respect_robots: false,
      timeout: 5,
      expect: { allow_empty: true },
    });
    expect(Object.keys(config.selectors)).toEqual(['z', 'a']);
  });

  it('takes older names: wait_time, param, extract_html', () => {
    expect(parse(`${OK}wait_time: 1.5\n`).delays).toEqual({ type: 'fixed', value: 1.5 });
    expect(parse(`${OK}pagination: {type: url_param, param: p}\n`).pagination).toEqual({
      type: 'url_param',
      param_name: 'p',
      start_page: 1,
      step: 1,
    });
  });

  it.each(['"\\t"', "'\\t'"])('takes %s for a tab between columns', (delimiter) => {
    expect(parse(`${OK}output: {delimiter: ${delimiter}}\n`).output.delimiter).toBe('\t');
  });

  it('reads YAML 1.2: aliases, and no surprises from yes, times and leading zeros', () => {
    const config = parse(
      `name: no\ndescription: 08:30\n${OK}  a: &price ".price"\n  b: *price\nheaders: {X: 0123}\n`,
    );
    expect([config.name, config.description, config.selectors['b']?.selector]).toEqual([
      'no',
      '08:30',
      '.price',
    ]);
  });

  it("takes jQuery's selectors, quotes and escapes", () => {
    const selectors = [
      'a:first',
      'li:eq(2)',
      'p:contains("a.b!")',
      'a[href="x..y"]',
      '.a\\.b',
      ':scope > a',
      'td:nth-child(2n+1)',
      '*',
      'a:not([href*="#"])',
    ];
    for (const selector of selectors)
      expect(parse(`${OK}item: ${JSON.stringify(selector)}\n`).item).toBe(selector);
  });

  it('keeps fields named constructor and toString apart from the object', () => {
    expect(Object.keys(parse(`${OK}  constructor: b\n  toString: c\n`).selectors)).toEqual([
      'title',
      'constructor',
      'toString',
    ]);
  });
});

describe('variables', () => {
  it('fills in text values, several in one', () => {
    const config = parse(`${OK}headers: {Authorization: "Bearer \${TOKEN}", X: "\${A}-\${B}"}\n`, {
      TOKEN: 's3',
      A: '1',
      B: '2',
    });
    expect(config.headers).toEqual({ Authorization: 'Bearer s3', X: '1-2' });
  });

  it('takes an empty variable for set, and fills in an address before it is checked', () => {
    expect(
      parse('url: "${SHOP}/x"\nselectors: {a: b}\nname: "<${E}>"\n', { SHOP: 'https://e.com', E: '' }),
    ).toMatchObject({
      urls: ['https://e.com/x'],
      name: '<>',
    });
  });

  it('cannot be used to change the structure, and is filled in once', () => {
    const config = parse(`${OK}name: "\${A}"\n`, { A: 'x\nurl: "https://evil.test" ${B}', B: 'no' });
    expect(config).toMatchObject({ name: 'x\nurl: "https://evil.test" ${B}', urls: ['https://e.com'] });
  });

  it('leaves keys, $${…} and other dollars alone', () => {
    const config = parse(`${OK}  "\${A}": b\nname: "$\${A} $A $5 $$"\n`, { A: 'filled' });
    expect(config.name).toBe('${A} $A $5 $$');
    expect(Object.keys(config.selectors)).toEqual(['title', '${A}']);
  });

  it('does not take what every object inherits for a variable', () => {
    expect(() => parse(`${OK}name: "\${constructor}"\n`)).toThrow('constructor is not set');
  });

  it('reports an invalid variable', () => {
    expect(() => parse(`${OK}name: "\${a b}"\n`)).toThrow(
      'books.yaml:4:7: name: "${a b}" is not the name of an environment variable',
    );
  });

  it('never shows the value of a variable in a message', () => {
    const env = { SECRET: 'hunter2[' };
    for (const line of [
      'item: "${SECRET}"',
      'url: "${SECRET}"',
      'backend: "${SECRET}"',
      'output: {path: "${SECRET}{x}"}',
      'timeout: "${SECRET}"',
      'headers: {"a": ["${SECRET}"]}',
    ]) {
      const yaml = line.startsWith('url') ? `selectors: {a: b}\n${line}\n` : `${OK}${line}\n`;
      expect(() => parse(yaml, env)).toThrow();
      try {
        parse(yaml, env);
      } catch (error) {
        expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
      }
    }
  });
});

describe('the schema', () => {
  it('takes other names of formats, and that a key means adding', () => {
    const output = (text: string) => parse(`${OK}output: ${text}\n`).output;
    expect(output('{format: xlsx}')).toMatchObject({ format: 'excel', append: false });
    expect(output('{format: db, key: a}')).toMatchObject({ format: 'sqlite', key: ['a'], append: true });
    expect(output('{key: [a, b], append: false}')).toMatchObject({ key: ['a', 'b'], append: false });
  });
});

describe('a variable in a pattern', () => {
  const LOGIN = 'authentication: {type: http_basic, username: me, password: "${KEY}"}\n';

  it.for([
    ['url: "https://e.com/${KEY}"\nselectors: {title: h1}\n', false],
    [`${OK}headers: {X-Key: "\${KEY}"}\n`, false],
    [`${OK}${LOGIN}`, false],
    [`${OK}output: {path: "\${KEY}.csv"}\n`, false],
    ['url: "https://e.com"\nselectors: {title: "b.${KEY}"}\n', true],
    ['url: "https://e.com"\nselectors: {title: {selector: b, regex: "${KEY}=(.*)"}}\n', true],
    ['url: "https://e.com"\nitem: "xpath:.//b[. = \'${KEY}\']"\nselectors: {title: h1}\n', true],
    ['sitemap: {url: "https://e.com/s.xml", include: "/${KEY}/"}\nselectors: {title: h1}\n', true],
    ['url: "https://e.com"\nselectors: {title: {selector: b, regex: "$${KEY}"}}\n', false],
  ] as const)('%s', ([yaml, isFilled]) => {
    expect(parseConfig(yaml, 'books.yaml', { KEY: 'secret' }).hasFilledPatterns).toBe(isFilled);
  });
});
