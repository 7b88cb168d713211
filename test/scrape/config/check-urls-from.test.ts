// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's
import { expect, it } from 'vitest';
import { checkConfig, examineConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';

const FIELDS = 'selectors: {title: h1}\n';
const issuesOf = (text: string, more = '') =>
  checkConfig(`urls_from: ${text}\n${FIELDS}${more}`, 'shop.yaml', {}).map(
    ({ path, message, hint }) => `${path}: ${message}. ${hint}`,
  );
const sourceOf = (text: string) =>
  parseConfig(`urls_from: ${text}\n${FIELDS}`, 'shop.yaml', {}).config.urls_from;
const TEMPLATE = 'https://e.com/{city}/{id}';

it.each([
  ['ids.csv', { type: 'file', file: 'ids.csv' }],
  ['{file: /srv/Ids.JSONL, field: link}', { type: 'file', file: '/srv/Ids.JSONL', field: 'link' }],
  [
    `{template: "${TEMPLATE}", values: {id: {from: 1, to: 3}, city: [bonn, 7]}}`,
    {
      type: 'template',
      template: TEMPLATE,
      values: { id: { from: 1, to: 3, step: 1, pad: 1 }, city: { list: ['bonn', '7'] } },
    },
  ],
  [
    '{template: "https://e.com/{id}", values: {id: ids.csv}}',
    { type: 'template', template: 'https://e.com/{id}', values: { id: { file: 'ids.csv' } } },
  ],
  [
    '{job: listing, field: link, only: new, hosts: [shop.example]}',
    { type: 'job', job: 'listing', field: 'link', only: 'new', hosts: ['shop.example'] },
  ],
])('%s is read', (text, source) => {
  expect(sourceOf(text)).toEqual(source);
});

it.each([
  [
    'secrets.env',
    'urls_from: not a file of addresses: its name ends in none of .csv, .tsv, .txt, .json, .jsonl, .ndjson. Name a table with a header (.csv, .tsv), a text with one a line (.txt), or JSON (.json, .jsonl).',
  ],
  ['7', 'urls_from: expected a file, or a map with "file", "template" or "job", found 7. undefined'],
  ['{file: ids.csv, colum: url}', 'urls_from.colum: unknown key "colum". Allowed here: file, field.'],
  ['{job: listing}', 'urls_from.field: is missing. undefined'],
  ['{job: listing, field: a, only: changed}', 'urls_from.only: "changed" is not one of new. undefined'],
  [
    '{job: listing, field: a, hosts: ["shop.example/x"]}',
    'urls_from.hosts[0]: not the name of a host. Write shop.example, which means https, or "http://shop.example:8080".',
  ],
  [
    '{template: "/p/{id}", values: {id: [1]}}',
    'urls_from.template: not a web address. Write the whole address, such as "https://example.com/books".',
  ],
  [
    '{template: "https://e.com/p", values: {}}',
    'urls_from.template: the template has no placeholder. Write one in braces: template: "https://shop.example/p/{id}". A single page is url: "https://…".',
  ],
  [
    `{template: "${TEMPLATE}", values: {id: [1], citi: [a]}}`,
    'urls_from.template: the placeholder {city} has no values. Did you mean {citi}?',
  ],
  [
    `{template: "${TEMPLATE}", values: {id: [1], citi: [a]}}`,
    'urls_from.values.citi: the template has no placeholder {citi}. Did you mean "city"?',
  ],
  [
    '{template: "https://e.com/{params.city}", values: {}}',
    'urls_from.template: the placeholder {params.city} has no values. For a parameter write ${params.city}.',
  ],
  [
    '{template: "https://{shop}.e.com/", values: {shop: {file: shops.txt}}}',
    'urls_from.values.shop: the values of {shop} would choose the host of the address. Write them as a list: shop: [de, fr]. For addresses of any host use a file: urls_from: {file: …}.',
  ],
  [
    '{template: "https://e.com/{n}", values: {n: {from: 9, to: 1}}}',
    'urls_from.values.n.from: from 9 is more than to 1. Write {from: 1, to: 9}.',
  ],
  [
    '{template: "https://e.com/{n}", values: {n: {from: 1, too: 9}}}',
    'urls_from.values.n.too: unknown key "too". Did you mean "to"?',
  ],
  [
    '{template: "https://e.com/{n}", values: {n: {file: ids.csv, pad: 2}}}',
    'urls_from.values.n.pad: unknown key "pad". Allowed here: file, field.',
  ],
  [
    '{template: "https://e.com/{n}", values: {n: 7}}',
    'urls_from.values.n: expected a list such as [a, b], numbers such as {from: 1, to: 9}, or a file such as ids.csv, found 7. undefined',
  ],
  [
    '{template: "https://e.com/{a}/{b}", values: {a: {from: 1, to: 1000}, b: {from: 1, to: 501}}}',
    'urls_from.template: the template makes 501,000 addresses, and a run fetches at most 500,000. Take a shorter range or list, or split it between several configurations.',
  ],
])('%s is refused', (text, issue) => {
  expect(issuesOf(text)).toContain(issue);
});

it('says once where the file of a template belongs', () => {
  for (const more of ['', ', values: {id: [1]}'])
    expect(issuesOf(`{template: "https://e.com/{id}", file: ids.csv, field: sku${more}}`)).toEqual([
      'urls_from.file: file and template are both given. The file of a template has its values: values: {id: {file: ids.csv, field: sku}}.',
    ]);
});

it('says that an address with a placeholder is a template', () => {
  expect(issuesOf('ids.csv', 'url: "https://e.com/p/{sku}"\n').join()).toContain(
    'An address with {sku} is a template: urls_from: {template: "…", values: {sku: ids.csv}}.',
  );
});

it('does not go with other addresses', () => {
  for (const other of ['url: "https://e.com/"', 'urls: ["https://e.com/"]', 'sitemap: "https://e.com/s.xml"'])
    expect(issuesOf('ids.csv', `${other}\n`).join()).toContain('and urls_from are both given');
  const numbered = 'pagination: {type: page_number, url_template: "https://e.com/{page}"}\n';
  expect(issuesOf('ids.csv', numbered).join()).toContain('and not those of urls_from');
});

it('does not crawl what another job has found', () => {
  expect(issuesOf('{job: a, field: b}', 'crawl: {max_pages: 9}\n').join()).toContain(
    'crawl: a crawl does not begin',
  );
  expect(issuesOf('ids.csv', 'crawl: {max_pages: 9}\n')).toEqual([]);
});

it('takes a parameter into the address, encoded, and not as the name of a file or a job', () => {
  const params = 'params: {city: {type: text, default: "a/b?"}}\n';
  const template = '{template: "https://e.com/${params.city}/{id}", values: {id: ["${params.city}"]}}';
  const { config } = parseConfig(`${params}urls_from: ${template}\n${FIELDS}`, 'shop.yaml', {});
  expect(config.urls_from).toMatchObject({
    template: 'https://e.com/a%2Fb%3F/{id}',
    values: { id: { list: ['a/b?'] } },
  });
  for (const text of [
    '"${params.city}.csv"',
    '{file: "${params.city}.csv"}',
    '{template: "https://e.com/{id}", values: {id: "${params.city}.csv"}}',
    '{job: "${params.city}", field: a}',
  ])
    expect(issuesOf(text, params).join()).toContain('a parameter cannot be used in urls_from');
});

it('tells what a configuration would reach: its files, its job, and its own private hosts', () => {
  const factsOf = (text: string) => examineConfig(`urls_from: ${text}\n${FIELDS}`, 'x.yaml', {}).facts;
  expect(factsOf('ids.csv')).toMatchObject({ addressFiles: ['ids.csv'], addressJob: null });
  expect(factsOf('{template: "https://e.com/{id}", values: {id: ids.csv}}')).toMatchObject({
    addressFiles: ['ids.csv'],
  });
  expect(factsOf(`{template: "http://10.0.0.7/{id}", values: {id: {file: a.txt}}}`)).toMatchObject({
    addressFiles: ['a.txt'],
    privateHosts: ['10.0.0.7:80', '10.0.0.7:443'],
  });
  expect(factsOf('{template: "http://10.0.0.{n}/{id}", values: {n: [7, 8], id: [1]}}')?.privateHosts).toEqual(
    ['10.0.0.7:80', '10.0.0.7:443', '10.0.0.8:80', '10.0.0.8:443'],
  );
  expect(factsOf('{job: a, field: b, hosts: ["http://127.0.0.1:81"]}')).toMatchObject({
    addressJob: 'a',
    privateHosts: ['127.0.0.1:81'],
  });
  expect(factsOf('ids.csv')?.addresses).not.toEqual(factsOf('other.csv')?.addresses);
});
