// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { describe, expect, it } from 'vitest';
import { isReadingQuery } from '../../../src/scrape/config/graphql-query.ts';
import { checkConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { describeChangingRequest } from '../../../src/scrape/config/request.ts';

const issuesOf = (lines: string) =>
  checkConfig(`url: "https://x.example/"\nselectors: {a: b}\n${lines}`, 'x.yaml', {});
const requestOf = (lines: string, params = {}, env = {}) => {
  const yaml = `url: "https://x.example/"\nselectors: {a: b}\n${lines}`;
  return parseConfig(yaml, 'x.yaml', env, params).config.request;
};

describe('a request is refused, with the line and what to write', () => {
  it.each([
    ['request: {json: 1, form: {a: 1}}', 'json and form are both given', 3],
    ['request:\n  json: 1\n  method: GET', 'GET sends no json', 5],
    ['request:\n  graphql: {query: a}\n  method: PUT', 'graphql is sent by POST', 5],
    ['request: {json: 1, content_type: a/b}', 'content_type is for body', 3],
    ['request: {body: a, content_type: xml}', 'is no content type', 3],
    ['request: {headers: {User-Agent: a}}', 'is not sent from here', 3],
    ['request: {headers: {A: "a\\r\\nb"}}', 'cannot contain a line break', 3],
    ['request: {json: [1, .inf]}', 'JSON cannot say', 3],
    ['request: {form: {a: {b: 1}}}', 'expected a text, a number', 3],
    ['request: {method: DELETE}', '"DELETE" is not one of GET, POST, PUT, PATCH', 3],
    ['request: {jsno: 1}', 'unknown key "jsno"', 3],
    ['request: {json: 1}\nbackend: browser', 'backend browser needs one', 4],
    ['backend: playwright\nrequest: {}', 'backend playwright needs one', 3],
    ['request: {json: 1}\npagination:\n  type: infinite_scroll', 'infinite_scroll needs one', 5],
    ['request: {}\npagination: {type: load_more, selector: a}', 'load_more needs one', 4],
  ])('%s', (lines, message, line) => {
    const [issue] = issuesOf(lines);
    expect(issue).toMatchObject({ severity: 'error', line, message: expect.stringContaining(message) });
  });
});

it('values of parameters and variables stay values', () => {
  const params = 'params: {n: {type: number}, t: {type: text}}\n';
  const given = { n: 3, t: '"<&\'x=1 a.b' };
  const text = given.t;
  expect(
    requestOf(
      `${params}request: {json: {n: "\${params.n}", item: "\${params.t}", selector: "\${params.t}", regex: "\${params.t}", s: "\${TOKEN}"}}`,
      given,
      { TOKEN: '"x' },
    ),
  ).toMatchObject({ json: { n: 3, item: text, selector: text, regex: text, s: '"x' } });
  const body = (written: string) => requestOf(`${params}request: {body: '${written}'}`, given)?.body ?? '';
  expect(body('<city>${params.t}</city>')).toBe('<city>&quot;&lt;&amp;&apos;x=1 a.b</city>');
  expect(JSON.parse(body('{"city": "${params.t}"}'))).toEqual({ city: text });
  expect([...new URLSearchParams(body('city=${params.t}&b=1'))]).toEqual([
    ['city', text],
    ['b', '1'],
  ]);
  expect(body('city: ${params.t}')).toBe(`city: ${text}`);
  const query = requestOf(
    `${params}request: {graphql: {query: '# shops\n\n    query { a(b: "\${params.t}") }'}}`,
    given,
  )?.graphql?.query;
  expect(query).toContain(String.raw`a(b: "\"<&'x=1 a.b")`);
});

it.each([
  ['query { a }', true],
  ['{ a(text: "mutation") } # mutation', true],
  ['{ a(text: """ "mutation" """) }', true],
  ['mutation { a }', false],
  ['query A { a } mutation B { b }', false],
  ['# "\nmutation { a } # "', false],
  ['{ a(b: "\\"") } mutation C { c(d: "") }', false],
  ['"" mutation { a }', false],
])('%s only reads: %s', (query, reads) => {
  expect(isReadingQuery(query)).toBe(reads);
});

it.each([
  [undefined, null],
  [{}, null],
  [{ headers: { A: 'b' } }, null],
  [{ method: 'GET' }, null],
  [{ graphql: { query: '{ a }' } }, null],
  [{ graphql: { query: '{ a }' }, method: 'POST', repeat: true }, null],
  [{ graphql: { query: '${params.kind} { a }' } }, 'sends a query that may change something'],
  [{ graphql: { query: 'mutation { a }' } }, 'sends a query that may change something'],
  [{ graphql: { query: '{ a }' }, method: 'PUT' }, 'sends PUT'],
  [{ json: null }, 'sends POST'],
  [{ json: 1, method: 'GET' }, 'sends GET'],
  [{ method: '${params.method}' }, 'sends ${params.method}'],
  [{ form: {}, repeat: true }, 'sends POST'],
])('what %j does besides reading: %s', (request, does) => {
  expect(describeChangingRequest(request)).toBe(does);
});
