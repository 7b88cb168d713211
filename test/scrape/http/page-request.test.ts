import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { buildRequest, createRequestTemplate } from '../../../src/scrape/http/page-request.ts';

const URL_PARAM = '{type: url_param, param_name: page}';
const CURSOR = '{type: cursor, selector: "json:$.next"}';

/** The request for an address, by a request and a pagination of a configuration. */
function build(request: string, pagination: string, address: string) {
  const yaml = `url: "https://x.example/"\nrequest: ${request}\npagination: ${pagination}\nselectors: {a: b}\n`;
  const template = createRequestTemplate(parseConfig(yaml, 'x.yaml', {}).config);
  return buildRequest(template ?? expect.fail(), address);
}

describe('a placeholder', () => {
  it.each([
    ['{json: {page: "{page}", text: "page {page}"}}', '{"page":7,"text":"page 7"}'],
    ['{json: ["{page}", {deep: ["{page}"]}, "{other}"]}', '[7,{"deep":[7]},"{other}"]'],
    ['{form: {p: "{page}", all: ["{page}", x], n: 1}}', 'p=7&all=7&all=x&n=1'],
    ['{body: "page={page}"}', 'page=7'],
    ['{body: "<p>{page}</p>", content_type: application/xml}', '<p>7</p>'],
    ['{graphql: {query: "{ a }", variables: {p: "{page}"}}}', '{"query":"{ a }","variables":{"p":7}}'],
  ])('takes the number of the page out of the address: %s', (request, body) => {
    const built = build(request, URL_PARAM, 'https://x.example/api?size=5&page=7');
    expect(built).toMatchObject({ url: 'https://x.example/api?size=5', method: 'POST', body });
    expect(built.label).toBe('POST https://x.example/api?size=5 (page 7)');
  });

  it('without a value is null in JSON, left out of forms and headers, and empty in a text', () => {
    const at = 'https://x.example/api?a=%20b';
    expect(build('{json: {c: "{cursor}", t: "-{cursor}-"}}', CURSOR, at)).toMatchObject({
      body: '{"c":null,"t":"--"}',
      url: at,
    });
    expect(build('{form: {c: "{cursor}", d: "{cursor}!"}}', CURSOR, at).body).toBe('d=%21');
    expect(build('{body: "[{cursor}]"}', CURSOR, at).body).toBe('[]');
    expect(build('{headers: {X-After: "{cursor}", X-All: "a{cursor}"}}', CURSOR, at).headers).toEqual({
      'x-all': 'a',
    });
  });

  it('in a header is sent there', () => {
    const built = build('{headers: {X-After: "{cursor}"}}', CURSOR, 'https://x.example/?cursor=a%20b');
    expect(built).toEqual({
      url: 'https://x.example/',
      method: 'GET',
      headers: { 'x-after': 'a b' },
      mayRepeat: true,
      label: 'GET https://x.example/ (cursor a b)',
    });
  });

  it('stays a text for a cursor, and its name is that of pagination', () => {
    const pagination = '{type: cursor, selector: "json:$.next", param_name: after}';
    const at = 'https://x.example/?after=12&cursor=9';
    expect(build('{json: {a: "{after}", b: "{cursor}"}}', pagination, at)).toMatchObject({
      body: '{"a":"12","b":"{cursor}"}',
      url: 'https://x.example/?cursor=9',
    });
  });

  it('leaves the address as it is where the request names none', () => {
    expect(build('{json: {a: 1}}', URL_PARAM, 'https://x.example/?page=2').url).toBe(
      'https://x.example/?page=2',
    );
  });

  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('{cursor}', '"}],{"a":[', '&a=b', '</a>', '\r\nX: y', '$&', '__proto__', '\\'),
  );
  const at = (text: string) => {
    const url = new URL('https://x.example/');
    url.searchParams.set('cursor', text);
    return url.href;
  };
  const shape = (tree: unknown): unknown => {
    if (Array.isArray(tree)) return tree.map(shape);
    if (typeof tree !== 'object' || tree === null) return typeof tree;
    return Object.entries(tree).map(([key, entry]) => [key, shape(entry)]);
  };

  it('whatever its value, never changes the structure of JSON', () => {
    const text = fc.constantFrom('{cursor}', 'a {cursor} b', '{cursor}{cursor}', 'plain', '"{cursor}"');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', '{cursor}', '__proto__'), tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, value, (json, cursor) => {
        const request = { method: 'POST' as const, json: json as never, headers: {}, repeat: false };
        const placeholder = { name: 'cursor', isNumber: false };
        const { body = '' } = buildRequest({ request, placeholder }, at(cursor));
        expect(shape(JSON.parse(body))).toEqual(shape(JSON.parse(JSON.stringify(json))));
      }),
    );
  });

  it('whatever its value, adds no field to a form, and no element or string to a text', () => {
    fc.assert(
      fc.property(value, (cursor) => {
        const form = build('{form: {a: "{cursor}", b: ["x{cursor}", y]}}', CURSOR, at(cursor)).body ?? '';
        const known = new URL(at(cursor)).searchParams.get('cursor');
        expect([...new URLSearchParams(form)]).toEqual([
          ['a', known],
          ['b', `x${known}`],
          ['b', 'y'],
        ]);
        const json = build(`{body: '{"a": "{cursor}"}'}`, CURSOR, at(cursor)).body ?? '';
        expect(JSON.parse(json)).toEqual({ a: known });
        const xml = build('{body: "<a b=\'{cursor}\'>{cursor}</a>"}', CURSOR, at(cursor)).body ?? '';
        expect(xml.match(/[<>']/g)).toEqual(['<', "'", "'", '>', '<', '>']);
        const fields = build('{body: "a={cursor}&b=1"}', CURSOR, at(cursor)).body ?? '';
        expect([...new URLSearchParams(fields)]).toEqual([
          ['a', known],
          ['b', '1'],
        ]);
      }),
    );
  });
});

it.each([
  ['{json: {a: 1}}', 'POST', 'application/json', false],
  ['{json: null}', 'POST', 'application/json', false],
  ['{form: {a: 1}, method: PUT}', 'PUT', 'application/x-www-form-urlencoded', false],
  ['{body: x}', 'POST', 'text/plain; charset=utf-8', false],
  ['{body: x, content_type: text/csv, repeat: true}', 'POST', 'text/csv', true],
  ['{json: 1, headers: {Content-Type: application/vnd.api+json}}', 'POST', 'application/vnd.api+json', false],
  ['{graphql: {query: "query { a }"}}', 'POST', 'application/json', true],
  ['{graphql: {query: "mutation { a }"}}', 'POST', 'application/json', false],
  ['{graphql: {query: "{ a }"}, repeat: false}', 'POST', 'application/json', false],
  ['{method: POST}', 'POST', undefined, false],
  ['{}', 'GET', undefined, true],
  ['{repeat: false}', 'GET', undefined, false],
])('%s is sent by %s as %s; it may be repeated: %s', (request, method, type, mayRepeat) => {
  const built = build(request, '{type: none}', 'https://x.example/');
  expect(built).toMatchObject({ method, mayRepeat });
  expect(built.headers['content-type']).toBe(type);
});
