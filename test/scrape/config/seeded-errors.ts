// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
/** Configurations with one error each: where it must be reported (`line:column path`) and what must be said. */
export type Seeded = [name: string, yaml: string, at: string, says: string | RegExp];

const OK = 'url: "https://e.com"\nselectors:\n  title: "h1"\n';

export const ADDRESSES: Seeded[] = [
  ['another scheme', 'url: "ftp://e.com"\nselectors: {a: b}\n', '1:6 url', 'only http:// and https://'],
  ['file:', 'url: file:///etc/passwd\nselectors: {a: b}\n', '1:6 url', 'only http:// and https://'],
  [
    'no address',
    'urls:\n  - https://e.com\n  - e.com/x\nselectors: {a: b}\n',
    '3:5 urls[1]',
    'https://example.com/books',
  ],
  ['a host and port alone', 'url: localhost:8080\nselectors: {a: b}\n', '1:6 url', 'not a web address'],
  ['neither url nor urls', 'selectors: {a: b}\n', '1:1 url', 'is missing | Add the page'],
  ['both url and urls', `${OK}urls: ["https://e.com"]\n`, '4:1 urls', 'both given'],
  ['an empty list', 'urls: []\nselectors: {a: b}\n', '1:7 urls', 'the list is empty'],
];

export const FIELDS: Seeded[] = [
  ['no selectors', 'url: https://e.com\n', '1:1 selectors', 'is missing | Add the fields'],
  ['empty selectors', 'url: https://e.com\nselectors: {}\n', '2:12 selectors', 'names no field'],
  [
    'a list of selectors',
    'url: https://e.com\nselectors:\n  - a\n',
    '3:3 selectors',
    'expected a map of keys, found a list',
  ],
  [
    'a selector taken for a comment',
    `${OK}  price: #price\n`,
    '4:10 selectors.price',
    'starts with # is a comment',
  ],
  [
    'a selector taken for a list',
    `${OK}  price: [data-x]\n`,
    '4:10 selectors.price',
    'starts with [ is a list',
  ],
  ['a number for a selector', `${OK}  p: 5\n`, '4:6 selectors.p', 'found 5 | Put it in quotes'],
  [
    'a misspelt key',
    `${OK}  p:\n    selector: ".p"\n    atribute: href\n`,
    '6:5 selectors.p.atribute',
    'Did you mean "attribute"?',
  ],
  ['no selector', `${OK}  p: {attribute: href}\n`, '4:3 selectors.p.selector', 'is missing'],
  [
    'two kinds of value',
    `${OK}  p: {selector: a, attribute: href, html: true}\n`,
    '4:43 selectors.p.html',
    'exclude each other',
  ],
  [
    'yes for true',
    `${OK}  p: {selector: a, multiple: yes}\n`,
    '4:30 selectors.p.multiple',
    'true and false only',
  ],
  ['a broken selector', `${OK}  p: "a["\n`, '4:6 selectors.p', '"a[" is not a CSS selector'],
  ['an unknown pseudo-class', `item: "li:foo"\n${OK}`, '1:7 item', 'Unknown pseudo-class :foo'],
  [
    'an open combinator',
    `${OK}  p: {selector: .a, children: {q: "b >"}}\n`,
    '4:35 selectors.p.children.q',
    'ends in a combinator',
  ],
  ['a stray dot', `${OK}  p: "..price"\n`, '4:6 selectors.p', 'has a stray ".."'],
  ['an empty selector', `${OK}  p: " "\n`, '4:6 selectors.p', 'the selector is empty'],
  [
    'xpath without the word',
    `${OK}  p: {selector: "//h1"}\n`,
    '4:17 selectors.p.selector',
    'looks like XPath and is read as CSS | Say so: "xpath://h1"',
  ],
  ["Scrapy's text", `${OK}  p: "a::text"\n`, '4:6 selectors.p', 'Leave ::text away'],
  ["Scrapy's attribute", `${OK}  p: "a::attr(href)"\n`, '4:6 selectors.p', 'add "attribute: href"'],
  [
    'a key deep in children',
    `${OK}  p:\n    selector: .p\n    children:\n      q: {selector: b, foo: 1}\n`,
    '7:24 selectors.p.children.q.foo',
    'Allowed here: selector, attribute',
  ],
  ['__proto__', `${OK}  __proto__: b\n`, '4:3 selectors.__proto__', 'cannot be used as a name'],
];

export const PAGINATION: Seeded[] = [
  [
    'a misspelt type',
    `${OK}pagination:\n  type: next_buton\n  selector: .n\n`,
    '5:9 pagination.type',
    'Did you mean "next_button"?',
  ],
  [
    'load_more',
    `${OK}pagination:\n  type: load_more\n  selector: .n\n`,
    '5:9 pagination.type',
    'load_more needs a browser, which is not available yet',
  ],
  [
    'infinite_scroll',
    `${OK}pagination: {type: infinite_scroll}\n`,
    '4:20 pagination.type',
    'needs a browser',
  ],
  [
    'no type',
    `${OK}pagination:\n  selector: .n\n`,
    '4:1 pagination.type',
    'is missing | One of: none, next_button',
  ],
  ['no selector', `${OK}pagination:\n  type: next_button\n`, '4:1 pagination.selector', 'is missing'],
  ['a word alone', `${OK}pagination: next_button\n`, '4:13 pagination', 'expected a map of keys'],
  [
    'no pages',
    `${OK}pagination: {type: next_button, selector: .n, max_pages: 0}\n`,
    '4:58 pagination.max_pages',
    'must be more than 0',
  ],
  [
    'a number in quotes',
    `${OK}pagination: {type: next_button, selector: .n, max_pages: "5"}\n`,
    '4:58 pagination.max_pages',
    'Remove the quotes',
  ],
  [
    'half a page',
    `${OK}pagination: {type: next_button, selector: .n, max_pages: 1.5}\n`,
    '4:58 pagination.max_pages',
    /whole number|int/,
  ],
  [
    'a template without {page}',
    `${OK}pagination:\n  type: page_number\n  url_template: "https://e.com/?p="\n`,
    '6:17 pagination.url_template',
    'has no {page}',
  ],
  [
    'an end before the start',
    `${OK}pagination:\n  type: page_number\n  url_template: "https://e.com/{page}"\n  start_page: 5\n  end_page: 2\n`,
    '8:13 pagination.end_page',
    'lies before start_page 5',
  ],
  ['no parameter', `${OK}pagination: {type: url_param}\n`, '4:1 pagination.param_name', 'Add: param_name'],
  [
    'a key of another type',
    `${OK}pagination: {type: url_param, param: p, selector: x}\n`,
    '4:41 pagination.selector',
    'unknown key "selector"',
  ],
  ['a key at the wrong level', `${OK}max_pages: 5\n`, '4:1 max_pages', 'It belongs under "pagination"'],
  [
    "the guide's alternatives pasted together",
    `${OK}pagination:\n  type: next_button\n  selector: .n\n  type: page_number\n`,
    '7:3 pagination.type',
    /appears twice in this map, first in line 5 .* are alternatives/,
  ],
];

export const REST: Seeded[] = [
  [
    'min above max',
    `${OK}delays: {type: random, min: 5, max: 1}\n`,
    '4:29 delays.min',
    'min 5 is more than max 1',
  ],
  ['a negative delay', `${OK}delays: {type: fixed, value: -1}\n`, '4:30 delays.value', 'must be at least 0'],
  [
    'delays twice',
    `${OK}delays: {type: fixed, value: 5}\nwait_time: 2\n`,
    '5:1 wait_time',
    'wait_time is its older name',
  ],
  [
    'a browser',
    `${OK}backend: playwright\n`,
    '4:10 backend',
    'playwright needs a browser, which is not available yet',
  ],
  ['an unknown backend', `${OK}backend: request\n`, '4:10 backend', 'Did you mean "requests"?'],
  [
    'an unknown format',
    `${OK}output:\n  format: xls\n`,
    '5:11 output.format',
    '"xls" is not one of csv, json, jsonl, excel, sqlite',
  ],
  [
    'a key that is no name',
    `${OK}output:\n  key: 5\n`,
    '5:8 output.key',
    'expected the name of a field, or a list',
  ],
  [
    'a table of SQLite’s own',
    `${OK}output:\n  table: sqlite_x\n`,
    '5:10 output.table',
    'does not begin with "sqlite_"',
  ],
  [
    'a compressed workbook',
    `${OK}output:\n  path: a.xlsx.gz\n`,
    '5:9 output.path',
    'excel is not compressed',
  ],
  [
    'an unknown placeholder',
    `${OK}output:\n  path: "a_{dat}.csv"\n`,
    '5:9 output.path',
    'unknown placeholder {dat}',
  ],
  ['a long delimiter', `${OK}output: {delimiter: ";;"}\n`, '4:21 output.delimiter', 'must be one character'],
  ['another encoding', `${OK}output: {encoding: latin1}\n`, '4:20 output.encoding', 'is not one of utf-8'],
  ['authentication', `${OK}authentication:\n  type: form\n`, '4:1 authentication', 'not available yet'],
  ['another spelling', `${OK}userAgent: x\n`, '4:1 userAgent', 'Did you mean "user_agent"?'],
  ['an unheard-of key', `${OK}retry: 3\n`, '4:1 retry', 'Allowed here: name, description, url'],
  [
    'a header name with a space',
    `${OK}headers:\n  "a b": c\n`,
    '5:10 headers."a b"',
    'cannot be the name of a header',
  ],
  ['a header value of two lines', `${OK}headers:\n  A: "b\\nc"\n`, '5:6 headers.A', 'no line break'],
  ['no time', `${OK}timeout: 0\n`, '4:10 timeout', 'must be more than 0'],
  [
    'a misspelt expectation',
    `${OK}expect: {min_item: 3}\n`,
    '4:10 expect.min_item',
    'Did you mean "min_items"',
  ],
  ['fewer than none', `${OK}expect: {min_items: -1}\n`, '4:21 expect.min_items', 'must be at least 0'],
  [
    'a share for a percentage',
    `${OK}expect: {min_fill_percent: {a: 0.9}}\n`,
    '4:32 expect.min_fill_percent.a',
    'must be at least 1',
  ],
  [
    'a drop of more than all',
    `${OK}expect: {max_drop_percent: 101}\n`,
    '4:28 expect.max_drop_percent',
    'must be at most 100',
  ],
  [
    'one host for a list',
    `${OK}allow_private_hosts: localhost\n`,
    '4:22 allow_private_hosts',
    'expected a list',
  ],
  ['an unset variable', `${OK}name: "a \${NOPE}"\n`, '4:7 name', 'the environment variable NOPE is not set'],
];

export const YAML: Seeded[] = [
  ['an empty file', '', '1:1', 'the file is empty'],
  ['only comments', '# later\n\n', '1:1', 'the file is empty'],
  ['a list', '- a\n', '1:1', 'found a list'],
  ['a word', 'hello', '1:1', 'found a single value'],
  ['a tab', 'url: https://e.com\nselectors:\n\ta: b\n', '3:1', 'a tab is used for indentation'],
  ['two documents', `${OK}---\na: 1\n`, '4:1', 'a second document'],
  ['YAML 1.1', `%YAML 1.1\n---\n${OK}`, '1:1', '1.2 is read'],
  [
    'an unknown anchor',
    'url: https://e.com\nselectors: {a: *b}\n',
    '2:16 selectors.a',
    'A selector that starts with * needs quotes',
  ],
  ['a circle', 'url: &a [*a]\n', '1:10 url[0]', 'holds itself'],
  ['a key twice', `${OK}  title: h2\n`, '4:3 selectors.title', 'appears twice in this map, first in line 3'],
  ['a key twice at the top', `${OK}url: "https://f.com"\n`, '4:1 url', 'first in line 1 | Remove one'],
  ['a map for a key', '? [a]\n: b\n', '1:3 "?"', 'a key must be a plain name'],
  ['an unclosed quote', `${OK}  p: "x\n`, '5:1', 'Close the quote'],
  ['a bare *', 'url: https://e.com\nselectors: {a: *}\n', '2:16', 'starts with * needs quotes: all: "*"'],
  ['an unquoted @', `${OK}  p: @x\n`, '4:6', 'in quotes'],
  ['a colon in a value', `${OK}  p: a: b\n`, '4:6', 'in quotes'],
  ['uneven indentation', `${OK} p: x\n`, '4:1', 'same number of spaces'],
];
