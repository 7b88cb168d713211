// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import type { Seeded } from './seeded-errors.ts';

const OK = 'url: "https://e.com"\nselectors:\n  title: "h1"\n';

export const XPATH: Seeded[] = [
  [
    'an XPath with an open bracket',
    `${OK}  p: "xpath://div["\n`,
    '4:6 selectors.p',
    'is not an XPath: it cannot be read from character 6 on ("[") | Close the "["',
  ],
  [
    'an XPath of several lines',
    `${OK}  p: |\n    xpath://div\n    /a]\n`,
    '4:6 selectors.p',
    'from line 2, character 3 on ("]") | There is a "]" too many',
  ],
  ['an XPath with an open quote', `${OK}item: "xpath://a[@x='y]"\n`, '4:7 item', "Close the quote '"],
  ['no XPath', `${OK}  p: "xpath: "\n`, '4:6 selectors.p', 'the XPath is empty'],
  [
    'a function that XPath lacks',
    `${OK}  p: "xpath:re:test(., 'x')"\n`,
    '4:6 selectors.p',
    'there is no function test that takes 2 values',
  ],
  ['a variable in an XPath', `${OK}  p: "xpath:$x"\n`, '4:6 selectors.p', 'variable x is not in scope'],
  [
    'an XPath that says something of the page, for the next page',
    `${OK}pagination: {type: next_button, selector: "xpath:contains(//a, 'Next')"}\n`,
    '4:43 pagination.selector',
    'gives true or false, and selects nothing on the page | Put a condition into brackets',
  ],
  ['an XPath that counts, for rows', `${OK}item: "xpath:count(//li)"\n`, '4:7 item', 'gives a number'],
  [
    "jQuery's words for a browser",
    `${OK}pagination: {type: load_more, selector: "button:contains('More')"}\n`,
    '4:41 pagination.selector',
    'is for a browser, which does not support :contains | Write plain CSS, or XPath 1.0',
  ],
  [
    'an XPath for the next page',
    `${OK}pagination: {type: next_button, selector: "xpath://a[1"}\n`,
    '4:43 pagination.selector',
    'is not an XPath',
  ],
];

export const READING: Seeded[] = [
  ['a regex', `${OK}  p: {selector: .p, regex: "(\\\\d+"}\n`, '4:28 selectors.p.regex', 'missing closing )'],
  [
    'a regex that looks ahead',
    `${OK}  p: {selector: .p, regex: "a(?=b)"}\n`,
    '4:28 selectors.p.regex',
    'cannot look ahead or behind',
  ],
  [
    'a regex that refers back',
    `${OK}  p: {selector: .p, regex: '(a)\\1'}\n`,
    '4:28 selectors.p.regex',
    'cannot refer back',
  ],
  [
    'a regex that explodes',
    `${OK}  p: {selector: .p, regex: "((a{100}){100}){100}"}\n`,
    '4:28 selectors.p.regex',
    'invalid repeat count',
  ],
  ['an empty regex', `${OK}  p: {selector: .p, regex: ""}\n`, '4:28 selectors.p.regex', 'the regex is empty'],
  [
    'an unknown type',
    `${OK}  p: {selector: .p, type: float}\n`,
    '4:27 selectors.p.type',
    'is not one of number, integer, boolean, date, price | Did you mean "number"?',
  ],
  ['a locale', `${OK}  p: {selector: .p, locale: german!}\n`, '4:29 selectors.p.locale', 'is not a locale'],
  ['a language that nobody speaks', `${OK}locale: xx\n`, '4:9 locale', 'is not a locale | Write a language'],
  [
    'a type beside HTML',
    `${OK}  p: {selector: .p, html: true, type: number}\n`,
    '4:39 selectors.p.type',
    'html and type exclude each other',
  ],
  [
    'a regex beside children',
    `${OK}  p: {selector: .p, regex: a, children: {q: b}}\n`,
    '4:28 selectors.p.regex',
    'children and regex exclude each other',
  ],
];

export const FOLLOWING: Seeded[] = [
  [
    'page and attribute',
    `${OK}  p: {page: url, attribute: href}\n`,
    '4:29 selectors.p.attribute',
    'page and attribute exclude',
  ],
  [
    'page of a child',
    `${OK}  p: {selector: b, children: {x: i, u: {page: url}}}\n`,
    '4:40 selectors.p.children.u',
    'a fact about the page can only be a field of the row',
  ],
  [
    'page of another kind',
    `${OK}  p: {page: title}\n`,
    '4:13 selectors.p.page',
    'is not one of url, fetched_at',
  ],
  [
    'no field with a selector',
    'url: https://e.com\nselectors: {u: {page: url}}\n',
    '2:12 selectors',
    'no field has a selector',
  ],
  [
    'relative without a date',
    `${OK}  p: {selector: b, relative: true}\n`,
    '4:30 selectors.p.relative',
    'the field has no type date',
  ],
  ['nothing to take', `${OK}follow: {selector: a}\n`, '4:1 follow.selectors', 'is missing'],
  [
    'a field that is there already',
    `${OK}follow: {selector: a, selectors: {title: h2}}\n`,
    '4:35 follow.selectors.title',
    'the field "title" is already one of the selectors (line 3) | Fields of the detail page',
  ],
  [
    'a field of a further level that is there already',
    `${OK}follow:\n  selector: a\n  selectors: {b: h2}\n  follow:\n    selector: a\n    selectors: {c: h1, b: h2}\n`,
    '9:24 follow.follow.selectors.b',
    'the field "b" is already one of follow.selectors (line 6)',
  ],
  [
    'too many levels',
    `${OK}follow: ${[1, 2, 3, 4, 5, 6].map((n) => `{selector: a, selectors: {f${n}: b}`).join(', follow: ')}${'}'.repeat(6)}\n`,
    '4:211 follow.follow.follow.follow.follow.follow',
    'follow leads over 5 levels of pages, and this is one more | Start nearer',
  ],
  [
    'an unknown key of a further level',
    `${OK}follow: {selector: a, selectors: {b: i}, follow: {selektor: a, selector: a, selectors: {c: i}}}\n`,
    '4:51 follow.follow.selektor',
    'unknown key "selektor" | Did you mean "selector"?',
  ],
  [
    'a further level without a link',
    `${OK}follow: {selector: a, selectors: {b: i}, follow: {selectors: {c: i}}}\n`,
    '4:42 follow.follow.selector',
    'is missing',
  ],
  [
    'an unknown way',
    `${OK}follow: {selector: a, selectors: {b: h2}, on_error: skip}\n`,
    '4:53 follow.on_error',
    'is not one of keep_row, drop_row, fail | Did you mean "drop_row"?',
  ],
  [
    'a selector on the detail page',
    `${OK}follow: {selector: a, selectors: {b: "h2["}}\n`,
    '4:38 follow.selectors.b',
    'is not a CSS selector',
  ],
  [
    'no limit',
    `${OK}follow: {selector: a, selectors: {b: i}, max_pages: 0}\n`,
    '4:53 follow.max_pages',
    'more than 0',
  ],
  [
    'a key of dedupe',
    `${OK}dedupe: [titles]\n`,
    '4:10 dedupe[0]',
    'no field "titles" | Did you mean "title"?',
  ],
  ['one key of dedupe', `${OK}dedupe: link\n`, '4:9 dedupe', 'no field "link" | Fields: title.'],
  ['dedupe by a number', `${OK}dedupe: 5\n`, '4:9 dedupe', 'expected true, or the names of fields, found 5'],
];
