// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${params.NAME} is the configuration's, not JavaScript's
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';

const warningsOf = (lines: string, url = 'https://x.example/') =>
  checkConfig(`url: "${url}"\nselectors: {a: b}\n${lines}`, 'x.yaml', {}).map(
    ({ severity, path, message, hint }) => `${severity} ${path}: ${message}. ${hint}`,
  );
const BY_PAGE = 'pagination: {type: url_param, param_name: offset}\n';
const CITY = 'params: {city: {type: text, default: "x"}}\n';

describe('a placeholder that nothing fills in gets a warning that says what to write', () => {
  it.each([
    [
      `${CITY}request: {json: {filter: {city: "{city}"}}}`,
      '{city}, so it is sent as it is. Write ${params.city}',
    ],
    [
      `${CITY}request: {json: {city: "{params.city}"}}`,
      '{params.city}, so it is sent as it is. Write ${params.city}',
    ],
    [`${CITY}request: {form: {q: "shops in {city}"}}`, 'Write ${params.city} for the parameter.'],
    [`${CITY}request: {body: "<city>{city}</city>"}`, 'Write ${params.city} for the parameter.'],
    [
      `${CITY}request: {graphql: {query: '{a(b: "{params.city}")}'}}`,
      'Write ${params.city} for the parameter.',
    ],
    [
      'request: {json: {city: "{params.city}"}}',
      'Declare it, params: {city: {type: text}}, and write ${params.city}.',
    ],
    ['request: {json: {city: "{city}"}}', 'For a value of each job declare params: {city: {type: text}}'],
    [`${CITY}request: {json: {a: "{town}"}}`, '${params.city} inserts a parameter.'],
    ['request: {json: {p: "{page}"}}', 'Write pagination: {type: url_param, param_name: page}.'],
    ['request: {json: {p: "{cursor}"}}', 'type: cursor, selector: "json:$.next", param_name: cursor'],
    [`${BY_PAGE}request: {json: {p: "{page}"}}`, '{offset} is that of pagination.'],
    [`${BY_PAGE}request: {json: {p: "{offset}", q: "{word}"}}`, '{offset} is that of pagination.'],
  ])('%s', (lines, told) => {
    const warnings = warningsOf(lines);
    expect(warnings).toEqual([expect.stringMatching(/^warning request\..*: nothing fills in \{/)]);
    expect(warnings[0]).toContain(told);
  });

  it.each([
    `${CITY}request: {json: {city: "\${params.city}"}}`,
    `${CITY}request: {graphql: {query: "{ shops {city} }"}}`,
    `${CITY}request: {json: {query: "query { shops{city} }"}}`,
    `${CITY}request: {body: '{"query": "{shops{city}}"}'}`,
    'request: {body: "{\\"a\\": {}}", content_type: application/json}',
    'request: {json: {where: "{a: {b: 1}}", c: "{ d }", e: "{f} "}}',
    `${BY_PAGE}request: {json: {p: "{offset}"}}`,
  ])('but not other braces: %s', (lines) => {
    expect(warningsOf(lines)).toEqual([]);
  });
});

describe('a request that does not use the parameter of its pagination gets a warning', () => {
  it.each([
    ['json: {p: 1}', BY_PAGE, 'json: {offset: "{offset}"}'],
    ['form: {p: 1}', BY_PAGE, 'form: {offset: "{offset}"}'],
    ['body: "p=1"', BY_PAGE, '{offset} into the text of body'],
    [
      'graphql: {query: "{ a }"}',
      'pagination: {type: cursor, selector: "json:$.n", param_name: after}\n',
      'graphql: {variables: {after: "{after}"}}, and $after in the query',
    ],
  ])('%s', (body, pagination, told) => {
    const [warning, ...others] = warningsOf(`${pagination}request: {${body}}`);
    expect(warning).toMatch(
      /^warning request: request does not use \{\w+\}: each page is asked for by the same body/,
    );
    expect(warning).toContain(`Write ${told}`);
    expect(others).toEqual([]);
  });

  it('beside the warning of a parameter, but not of another name for the page', () => {
    expect(warningsOf(`${CITY}${BY_PAGE}request: {json: {city: "{city}"}}`)).toHaveLength(2);
    expect(warningsOf(`${BY_PAGE}request: {json: {p: "{page}"}}`)).toHaveLength(1);
  });

  it('unless the value is in the address', () => {
    expect(warningsOf(`${BY_PAGE}request: {headers: {A: b}}`)).toEqual([]);
    expect(warningsOf(`${BY_PAGE}request: {json: 1}`, 'https://x.example/?offset=0')).toEqual([]);
  });
});
