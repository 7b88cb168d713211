import { describe, expect, it } from 'vitest';
import { fetchTimesInConfig, fieldsInConfig } from '../../../src/core/configs/config-values.ts';
import { changeConfig } from '../../../src/scrape/config/change-config.ts';
import {
  getColumns,
  getDateColumns,
  getFetchTimeFields,
  getFieldNames,
  getPriceColumns,
} from '../../../src/scrape/config/config-fields.ts';
import { checkConfig, examineConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';

const YAML = `url: "https://e.com"
selectors: { title: h1, price: { selector: b, type: price } }
follow:
  selector: a.book
  selectors: { born: { selector: i, type: date }, seen: { page: fetched_at } }
  follow:
    selector: a.maker
    selectors: { cost: { selector: b, type: price }, by: { selector: p, children: { name: b } }, at: { page: fetched_at } }
`;
const { config } = parseConfig(YAML, 'a.yaml');

describe('the fields of all levels of follow', () => {
  it('are columns in the order written, and are found by their types', () => {
    expect(getColumns(config)).toEqual(['title', 'price', 'born', 'seen', 'cost', 'by', 'at']);
    expect(getPriceColumns(config)).toEqual(['price', 'cost']);
    expect(getDateColumns(config)).toEqual(['born', 'seen', 'at']);
    expect(getFetchTimeFields(config)).toEqual(['seen', 'at']);
    expect(getFieldNames(config)).toEqual(['title', 'price', 'born', 'cost', 'by', 'by.name', 'seen', 'at']);
    expect(fieldsInConfig(YAML)).toEqual(['title', 'price', 'born', 'seen', 'cost', 'by', 'at']);
    expect(fetchTimesInConfig(YAML)).toEqual(['seen', 'at']);
  });

  it('can be named by dedupe, expect, changes, history and the key of the output', () => {
    const named = `${YAML}dedupe: cost\nexpect: { required_fields: [cost, by.name] }\nchanges: { key: title, ignore: at }\nhistory: [cost]\noutput: { key: cost }\n`;
    expect(checkConfig(named, 'a.yaml', {})).toEqual([]);
    const wrong = checkConfig(`${YAML}dedupe: coast\nhistory: [coast]\n`, 'a.yaml', {});
    expect(wrong.map(({ hint }) => hint)).toEqual([
      'Did you mean "cost"?',
      expect.stringContaining('changes: {key'),
      'Did you mean "cost"?',
    ]);
  });

  it('can be changed alone', () => {
    const changed = changeConfig(YAML, 'a.yaml', {
      'follow.follow.selector': 'a.house',
      'follow.follow.selectors.cost': 'i',
      'follow.follow.selectors.by.children.name': 'u',
      'follow.follow.selectors.more': 'em',
    });
    expect(parseConfig(changed, 'a.yaml').config.follow?.follow).toMatchObject({
      selector: 'a.house',
      selectors: {
        cost: { selector: 'i', type: 'price' },
        by: { children: { name: { selector: 'u' } } },
        more: { selector: 'em' },
      },
    });
  });
});

it('a header with a variable counts as sent another way when a further level leads elsewhere', () => {
  const ways = (yaml: string) =>
    examineConfig(`${yaml}user_agent: "\${AGENT}"\n`, 'a.yaml', { AGENT: 'me' }).facts?.references[0]?.ways;
  expect(ways(YAML)).not.toBe(ways(YAML.replace('a.maker', 'a.other')));
  expect(ways(YAML)).toBe(ways(YAML.replace('selector: i,', 'selector: u,')));
});

it('data are read from a page of a further level, and no key of elements applies to them', () => {
  const data = (keys: string) =>
    `url: "https://e.com"\nselectors: { t: b }\nfollow:\n  selector: a\n  selectors: { u: b }\n  follow: { selector: a, selectors: { v: { selector: "jsonld:$.name"${keys} } } }\n`;
  expect(checkConfig(data(''), 'a.yaml', {})).toEqual([]);
  expect(checkConfig(data(', html: true'), 'a.yaml', {})).toMatchObject([
    { path: 'follow.follow.selectors.v.html', message: expect.stringContaining('html is for elements') },
  ]);
});

it('levels beyond the limit are refused however deep they are', () => {
  const deep = (levels: number) =>
    `url: "https://e.com"\nselectors: { t: b }\nfollow: ${Array.from({ length: levels }, (_, n) => `{selector: a, selectors: {f${n}: b}`).join(', follow: ')}${'}'.repeat(levels)}\n`;
  expect(checkConfig(deep(5), 'a.yaml', {})).toEqual([]);
  for (const levels of [6, 20, 60, 2_000])
    expect(checkConfig(deep(levels), 'a.yaml', {}), `${levels}`).toEqual([
      expect.objectContaining({ severity: 'error', message: expect.stringMatching(/levels|nested/) }),
    ]);
});

describe('says how a further page is written', () => {
  const hintOf = (text: string) =>
    checkConfig(`url: "https://e.com"\nselectors: { t: b }\n${text}\n`, 'a.yaml', {})[0]?.hint;
  it('for a list of pages', () => {
    const list = 'follow: [{selector: a, selectors: {u: b}}, {selector: i, selectors: {v: b}}]';
    expect(hintOf(list)).toBe(
      'Write follow: {selector: "a", selectors: {name: "h1"}}. For the page after it, put a follow of its own into that map, beside its selectors.',
    );
  });
  it('for two keys', () => {
    const one = 'follow: {selector: a, selectors: {u: b}}';
    expect(hintOf(`${one}\n${one}`)).toContain('put it into the first, beside its selectors');
  });
  it('for a page that only leads on', () => {
    expect(hintOf('follow: {selector: a, follow: {selector: i, selectors: {u: b}}}')).toContain(
      'Name a field of that page, also where it only leads on to the next one',
    );
  });
  it('for follow among the fields', () => {
    const within = 'url: "https://e.com"\nselectors: {t: b, follow: {selector: a, selectors: {u: b}}}\n';
    expect(checkConfig(within, 'a.yaml', {})).toMatchObject([
      {
        message: 'follow stands among the fields, and is read as one of them',
        hint: 'Move it beside selectors, not within: follow: {selector: "a", selectors: {name: "h1"}}.',
      },
    ]);
  });
});
