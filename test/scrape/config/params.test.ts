// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { load } from 'cheerio/slim';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfig, examineConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { hasMatch } from '../../../src/scrape/parsers/match-pattern.ts';

const FIELDS = 'selectors: {title: "h1"}\n';
const parse = (yaml: string, given = {}, env = {}) => parseConfig(yaml, 'shop.yaml', env, given).config;
const problems = (yaml: string) =>
  checkConfig(yaml, 'shop.yaml', {}).map(({ line, path, message, hint }) =>
    `${line}: ${path}: ${message} ${hint ?? ''}`.trim(),
  );

describe('a parameter', () => {
  const yaml = `params:
  city: {description: The city of the shop}
  pages: {type: integer, default: 3}
url: "https://shop.example/\${params.city}/list"
pagination: {type: next_button, selector: "a.next", max_pages: "\${params.pages}"}
headers: {X-Pages: "\${params.pages}", X-City: "in \${params.city}"}
user_agent: "\${params.pages}"
description: "costs $\${params.city}"
${FIELDS}`;

  it('is filled in wherever a value is, as the number that it is where one is wanted', () => {
    expect(parse(yaml, { city: 'New York' })).toMatchObject({
      params: { city: 'New York', pages: 3 },
      urls: ['https://shop.example/New%20York/list'],
      pagination: { max_pages: 3 },
      headers: { 'X-Pages': '3', 'X-City': 'in New York' },
      user_agent: '3',
      description: 'costs ${params.city}',
    });
    expect(parse(yaml, { city: 'x', pages: '7' }).pagination).toMatchObject({ max_pages: 7 });
  });

  it('needs no value while the configuration is only checked', () => {
    expect(checkConfig(yaml, 'shop.yaml', {})).toEqual([]);
  });

  it.each([
    [
      {},
      'params.city: missing; it must be a text of one line and at most 1000 characters',
      'Give it in params of the job, or for a run: --param city=… (The city of the shop)',
    ],
    [{ cty: 'x' }, 'params.cty: unknown field (and 1 more)', 'Did you mean city?'],
    [{ city: 'x', pages: 1.5 }, 'params.pages: must be a whole number, not 1.5', undefined],
    [{ city: 'a\r\nX-Evil: 1' }, /params\.city: must be a text of one line/, undefined],
    [{ city: true }, /params\.city: must be a text/, undefined],
    [{ city: '\ud800' }, /params\.city: must be a text/, undefined],
  ])('is refused by its declaration: %j', (given, message, hint) => {
    const error = {
      code: 'invalid_params',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      hint,
    };
    expect(() => parse(yaml, given)).toThrowError(expect.objectContaining(error));
  });

  it('cannot be given where none is declared', () => {
    expect(() => parse(`url: "https://a.example/"\n${FIELDS}`, { city: 'x' })).toThrowError(
      expect.objectContaining({
        field: 'params.city',
        hint: 'Declare it there: params: {city: {type: text}}',
      }),
    );
  });

  it('has a type, which its value and its default must fit', () => {
    const typed = (declaration: string, value?: unknown) =>
      parse(`params: {v: ${declaration}}\nurl: "https://a.example/\${params.v}"\n${FIELDS}`, { v: value })
        .params?.['v'];
    expect(typed('{type: date}', '2026-02-28')).toBe('2026-02-28');
    expect(() => typed('{type: date}', '2026-02-30')).toThrow('params.v: must be a date, such as 2026-11-25');
    expect(typed('{type: boolean, default: false}')).toBe(false);
    expect(typed('{type: boolean}', 'true')).toBe(true);
    expect(typed('{type: number}', '-1.5')).toBe(-1.5);
    expect(() => typed('{type: number}', 'NaN')).toThrow('must be a number');
    expect(typed('{type: choice, values: [new, 2026]}', 2026)).toBe('2026');
    expect(() => typed('{type: choice, values: [new, used]}', 'old')).toThrow(
      'must be one of new, used, not "old"',
    );
    expect(typed('{}', 2026)).toBe('2026');
  });
});

describe('a declaration with a mistake is explained at its line:', () => {
  const url = 'url: "https://a.example/${params.city}"\n';
  it.each([
    [
      'params: {City: {}}\nurl: "https://a.example/"\n',
      '1: params.City: "City" cannot be the name of a parameter Use lower-case letters, digits and _, with a letter first: city, min_price.',
    ],
    [
      `params: {city: {type: choice}}\n${url}`,
      '1: params.city.values: is missing A choice lists what it allows: {type: choice, values: [new, used]}',
    ],
    [
      `params: {city: {type: intger}}\n${url}`,
      '1: params.city.type: "intger" is not one of text, number, integer, boolean, date, choice Did you mean "integer"?',
    ],
    [
      `params: {city: {default: "\${TOK}"}}\n${url}`,
      '1: params.city.default: variables are not filled in here Everyone sees the values of parameters. Write the value itself, or the variable in place of the parameter where it is used.',
    ],
    [`params: {city: {type: integer, default: x}}\n${url}`, '1: params.city.default: must be a whole number'],
    [
      `params: {city: {defalt: x}}\n${url}`,
      '1: params.city.defalt: unknown key "defalt" Did you mean "default"?',
    ],
    [`params: {citty: {}}\n${url}`, '2: url: there is no parameter "city" Did you mean citty?'],
    [url, '1: url: there is no parameter "city" Declare it: params: {city: {type: text}}'],
    [
      `params: {city: {}}\noutput: {path: "{params.cty}.csv"}\n${url}`,
      '2: output.path: there is no parameter "cty" Did you mean city?',
    ],
    [
      'params: {city: {}}\nurl: "https://a.example/${city}"\n',
      '2: url: the environment variable city is not set Write ${params.city} for the parameter.',
    ],
    [
      'parameters: {city: {}}\nurl: "https://a.example/"\n',
      '1: parameters: unknown key "parameters" Did you mean "params"?',
    ],
  ])('%s', (yaml, problem) => {
    expect(problems(yaml + FIELDS)).toEqual([problem]);
  });
});

describe('a parameter does not decide what is reached:', () => {
  it.each([
    ['url: "https://${params.v}/"', 'url: the parameter v would choose the host of the address'],
    ['url: "${params.v}"', 'url: the parameter v would choose the host'],
    ['url: "https://a.${params.v}.example/x"', 'url: the parameter v would choose the host'],
    ['url: "https://u:${params.v}@a.example/x"', 'url: the parameter v would choose the host'],
    [
      'url: "https://a.example/"\nproxy: "http://${params.v}:1"',
      'proxy: a parameter cannot be used in proxy',
    ],
    [
      'url: "https://a.example/"\nallow_private_hosts: ["${params.v}"]',
      'a parameter cannot be used in allow_private_hosts',
    ],
    ['url: "https://a.example/"\noutput: {path: "${params.v}.csv"}', 'In the path write {params.NAME}'],
    [
      'url: "https://a.example/"\nauthentication: {type: http_basic, username: "${params.v}", password: x}',
      'a parameter cannot be used in authentication',
    ],
  ])('%s', (yaml, problem) => {
    expect(problems(`params: {v: {}}\n${yaml}\n${FIELDS}`).join('\n')).toContain(problem);
  });

  it('but may choose a host among those that the configuration lists, which all count as reached', () => {
    const yaml = `params: {v: {type: choice, values: [de, localhost]}}\nurl: "http://\${params.v}/x"\n${FIELDS}`;
    expect(parse(yaml, { v: 'de' }).urls).toEqual(['http://de/x']);
    expect(examineConfig(yaml, 'x.yaml', {}).facts?.privateHosts).toContain('localhost:80');
    const two = `params: {v: {type: choice, values: [de]}}\nurl: "http://\${params.v}.\${params.v}.example/"\n${FIELDS}`;
    expect(problems(two).join('\n')).toContain('the host of the address has several parameters');
  });

  it('and holds no secret: no variable is filled into its declaration', () => {
    const yaml = `params: {v: {default: "\${TOKEN}"}}\nurl: "https://a.example/"\n${FIELDS}`;
    expect(problems(yaml).join('\n')).toContain('params.v.default: variables are not filled in here');
  });
});

/** Texts of one line, many of them with what has a meaning in addresses, selectors and patterns. */
const hostile = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc
      .array(
        fc.constantFrom(
          ...'\'"\\/?#&=%.:;,()[]{}<>|*+^$~@!`- 0aé',
          '..',
          '${HOME}',
          '{page}',
          '${params.v}',
          "''",
          '&quot;',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  )
  .filter((text) => !/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(text));

describe('whatever the value of a parameter is,', () => {
  const declared = 'params: {v: {}}\n';

  it('an address has the same host and parts, and the value in its place', () => {
    const yaml = `${declared}url: "https://a.example/x/\${params.v}/y?q=\${params.v}&z=1#f"\n${FIELDS}`;
    fc.assert(
      fc.property(hostile, (v) => {
        if (/^\.{1,2}$/.test(v)) {
          expect(() => parse(yaml, { v })).toThrow('out of its folder');
          return;
        }
        const url = new URL(parse(yaml, { v }).urls[0] ?? '');
        expect(url.host).toBe('a.example');
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'x', v, 'y']);
        expect([...url.searchParams]).toEqual([
          ['q', v],
          ['z', '1'],
        ]);
        expect(url.hash).toBe('#f');
      }),
    );
  });

  it('a template of addresses keeps its one place for the number', () => {
    const yaml = `${declared}pagination: {type: page_number, url_template: "https://a.example/\${params.v}/{page}", end_page: 2}\n${FIELDS}`;
    fc.assert(
      fc.property(hostile, (v) => {
        fc.pre(!/^\.{1,2}$/.test(v));
        const { pagination } = parse(yaml, { v });
        const template = pagination.type === 'page_number' ? pagination.url_template : '';
        expect(template.split('{page}').length).toBe(2);
      }),
    );
  });

  it('a selector finds the element with that value and no other', () => {
    const yaml = `${declared}url: "https://a.example/"
item: "li[data-v='\${params.v}']"
selectors:
  css: {selector: "b[title=\\"\${params.v}\\"]", attribute: id}
  class: {selector: ".p\${params.v}", attribute: id}
  xpath: {selector: "xpath:.//b[@title='\${params.v}' and @title=\${params.v}]/@id"}
  part: {selector: "xpath:.//b[contains(concat(@title, '|'), '\${params.v}|')]/@id"}
`;
    fc.assert(
      fc.property(hostile, (v) => {
        const $ = load('<ul><li><b id="n">no</b></li><li><b id="y">yes</b><b id="z">z</b></li></ul>');
        $('li').eq(0).attr('data-v', `${v}x`).find('b').attr('title', v);
        $('li').eq(1).attr('data-v', v);
        $('#y')
          .attr('title', v)
          .addClass(/^\S*$/.test(v) ? `p${v}` : 'none');
        const page = loadPage(Buffer.from($.html()), 'text/html; charset=utf-8', 'https://a.example/');
        const { rows } = extractRows(page, parse(yaml, { v }));
        const found = /^\S*$/.test(v) ? 'y' : null;
        expect(rows).toEqual([{ css: 'y', class: found, xpath: 'y', part: 'y' }]);
      }),
      { examples: [[' '], ['\u3000'], ['-'], ['-5 a'], ['"\'']] },
    );
  });

  it('a pattern matches exactly that text', () => {
    const yaml = `${declared}url: "https://a.example/"\nselectors: {a: {selector: h1, regex: "^(?:\${params.v})[\${params.v}_]$"}}\n`;
    fc.assert(
      fc.property(hostile, (v) => {
        const regex = parse(yaml, { v }).selectors['a']?.regex ?? '';
        expect(hasMatch(regex, `${v}_`)).toBe(true);
        expect(hasMatch(regex, `${v}x_`)).toBe(false);
      }),
    );
  });

  it('the values that a configuration has beside it stay as they are', () => {
    const yaml = `${declared}url: "https://a.example/"\nname: "a \${params.v} b"\nheaders: {X-V: "\${params.v}"}\n${FIELDS}`;
    fc.assert(
      fc.property(hostile, (v) => {
        const { name, headers, params, ...rest } = parse(yaml, { v }, { HOME: '/secret' });
        expect({ name, headers, params }).toEqual({ name: `a ${v} b`, headers: { 'X-V': v }, params: { v } });
        const plain = parse(yaml, { v: 'x' });
        expect(rest).toEqual({ ...plain, name: undefined, headers: undefined, params: undefined, ...rest });
      }),
    );
  });
});
