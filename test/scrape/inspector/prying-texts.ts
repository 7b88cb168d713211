import fc from 'fast-check';

export interface Secrets {
  KEY: string;
  TOKEN: string;
}

/** Of letters that stand nowhere else on the pages; one as it must be escaped. */
export const ESCAPED: Secrets = { KEY: 'ŻqŻQ-ZjŹj&qz/QZJ', TOKEN: 'zqZJ~jQzqZ' };
export const PLAIN: Secrets = { KEY: 'qZjQzJZqjzQZ', TOKEN: 'zqZJjQzqZ' };
export const OTHER: Secrets = { KEY: 'VvYyVYvyYvVYyvVYvy', TOKEN: 'YvyVyvYV' };

export const addressOn = (port: number, page = 'list', query = '') =>
  `http://127.0.0.1:${port}/\${TOKEN}/${page}?key=\${CODED}${query}`;

const piece = fc
  .tuple(fc.constantFrom(PLAIN.KEY, PLAIN.TOKEN), fc.nat(8), fc.integer({ min: 1, max: 4 }))
  .map(([secret, from, length]) => secret.slice(from, from + length) || secret.slice(0, 1));
const attribute = fc.constantFrom('href', 'src', 'action', 'value', 'title', 'data-key', 'class');
const css = fc.oneof(
  fc.constantFrom(
    'a',
    'a.detail',
    'a.whole',
    'a.top',
    'a.up',
    'a.empty',
    'b',
    'i',
    'img',
    'form',
    'input',
    'title',
  ),
  fc.constantFrom(
    'p.split',
    'p.coded',
    'p em',
    'script',
    'html',
    'li.row',
    ':scope',
    'a[rel=next]',
    'h1',
    'base',
  ),
  fc
    .tuple(attribute, fc.constantFrom('^=', '*=', '$=', '~=', '|='), piece)
    .map(([name, operator, value]) => `[${name}${operator}"${value}"]`),
  piece.map((value) => `a:contains("${value}")`),
  piece.map((value) => `a:not([href*="${value}"])`),
);
const node = fc.constantFrom(
  '//a/@href',
  '//i',
  '//title',
  '//comment()',
  '//script',
  '//input/@value',
  '//html',
  '.',
  '@data-key',
);
const xpath = fc.oneof(
  node,
  fc
    .tuple(node, fc.nat(80), fc.integer({ min: 1, max: 3 }))
    .map(([of, at, most]) => `substring((${of})[1], ${at}, ${most})`),
  node.map((of) => `string-length((${of})[1])`),
  fc.tuple(node, piece).map(([of, text]) => `count(${of}[contains(., '${text}')])`),
  fc.tuple(node, piece).map(([of, text]) => `starts-with((${of})[1], '${text}')`),
  fc.tuple(node, piece).map(([of, text]) => `translate((${of})[1], '${text}', '')`),
  fc.tuple(node, piece).map(([of, text]) => `//b[contains((${of})[1], '${text}')]`),
  node.map((of) => `concat('http://far.test/', substring-after((${of})[1], 'key='))`),
  fc.constantFrom('string-join(//text(), "")', 'string-to-codepoints((//i)[1])'),
);
const selector = fc.oneof(
  css,
  xpath.map((expression) => `xpath:${expression}`),
);
const regex = fc.oneof(
  fc.tuple(fc.nat(90), fc.integer({ min: 1, max: 3 })).map(([skip, most]) => `^.{${skip}}(.{1,${most}})`),
  fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 3 })).map(([skip, most]) => `key=.{${skip}}(.{1,${most}})`),
  fc.nat(30).map((left) => `(.).{${left}}$`),
  piece.map((text) => `(${text})`),
  fc.constantFrom('([^a-z{}$:/?&=._#0-9 -])', '(\\d+)', '^(..)', '(.)$'),
);
const leaf = fc
  .record(
    {
      selector,
      attribute,
      regex,
      absolute: fc.boolean(),
      multiple: fc.boolean(),
      html: fc.boolean(),
      type: fc.constantFrom('number', 'integer', 'boolean', 'date', 'price'),
    },
    { requiredKeys: ['selector'] },
  )
  .map(({ html, ...field }) => (html ? { selector: field.selector, html } : field));
const pageFact = fc.constant({ page: 'url' });
const field = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 1, arbitrary: pageFact },
  {
    weight: 1,
    arbitrary: fc.record({
      selector: fc.constantFrom('li.row', 'body', 'form'),
      children: fc.dictionary(fc.constantFrom('a', 'b'), leaf, { minKeys: 1 }),
    }),
  },
);
/** Configurations that try to learn what stands in the pages of an echoing site. */
export const texts = fc.record(
  {
    item: fc.oneof(fc.constantFrom('li.row', 'a', 'p', 'body'), css),
    selectors: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), field, { minKeys: 1 }),
    follow: fc.record(
      {
        selector,
        selectors: fc.dictionary(fc.constantFrom('e', 'f'), fc.oneof(leaf, pageFact), { minKeys: 1 }),
        follow: fc.record({
          selector,
          selectors: fc.dictionary(fc.constantFrom('g', 'h'), fc.oneof(leaf, pageFact), { minKeys: 1 }),
        }),
      },
      { requiredKeys: ['selector', 'selectors'] },
    ),
    pages: fc.oneof(
      fc.constant({}),
      fc.constant({ start: 'away' }),
      fc.constant({ based: true }),
      fc.record({ pagination: fc.record({ type: fc.constant('next_button'), selector }) }),
      fc.constant({ pagination: { type: 'next_button', selector: 'a[rel=next]' } }),
      fc.constant({ pagination: { type: 'url_param', param_name: 'p', start_page: 1, max_pages: 3 } }),
      fc.constant({ template: true }),
      fc.array(regex, { minLength: 1, maxLength: 2 }).map((include) => ({ sitemap: { include } })),
      piece.map((exclude) => ({ sitemap: { exclude: [exclude] } })),
    ),
    data_cleaning: fc.record(
      { trim: fc.boolean(), convert_numbers: fc.boolean(), convert_dates: fc.boolean() },
      { requiredKeys: [] },
    ),
    dedupe: fc.constantFrom(true),
  },
  { requiredKeys: ['selectors', 'pages'] },
);

export type RandomText = typeof texts extends fc.Arbitrary<infer T> ? T : never;

/** The configuration as it is written, for the site at a port. */
export function configOf({ pages, ...config }: RandomText, port: number): object {
  const address = (page?: string, query?: string) => addressOn(port, page, query);
  const {
    start = 'list',
    based,
    pagination,
    template,
    sitemap,
  } = pages as {
    start?: string;
    based?: true;
    pagination?: object;
    template?: true;
    sitemap?: object;
  };
  const common = { ...config, respect_robots: false };
  if (sitemap !== undefined) return { sitemap: { url: address('map.xml'), ...sitemap }, ...common };
  if (template)
    return {
      ...common,
      url: address(),
      pagination: { type: 'page_number', url_template: `${address()}&p={page}`, start_page: 1, end_page: 2 },
    };
  return { url: address(start, based ? '&based=1' : ''), ...(pagination && { pagination }), ...common };
}
