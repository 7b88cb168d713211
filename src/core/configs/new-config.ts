import { CONFIG_SCHEMA_LINE } from '../fs/editor-schemas.ts';
import { isName } from '../model/ids.ts';
import { defaultExtension, type OutputFormat } from '../model/output-format.ts';
import { hostOfAddress } from './config-values.ts';
import type { SuggestResponse } from './suggest-response.ts';
import { hostEntry, oneWordHost } from './typed-address.ts';

/** Suggests a configuration name for an address: `https://www.shop.example/de` gives `shop-example`. */
export function suggestConfigName(url: string): string {
  const host = hostOfAddress(url) ?? '';
  const name = host
    .replace(/^www\./, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return isName(name) ? name : '';
}

/** The configuration with which the page of an address is fetched with default settings. */
export function addressConfigText(url: string, backend = 'requests'): string {
  return `url: ${JSON.stringify(url)}\nselectors: {title: title}\nbackend: ${backend}\n`;
}

/** Options for a first configuration, besides the suggestion. */
export interface DraftChoices {
  format?: OutputFormat | undefined;
  /** `null`: all pages. */
  maxPages?: number | null | undefined;
  backend?: 'browser' | undefined;
}

/**
 * Generates a first configuration for an address, which can be tested unchanged. It uses the suggestion for the page,
 * or else selectors that fit nearly every page, and explains each part in a comment.
 */
export function newConfigText(
  url: string,
  name: string,
  found?: Pick<SuggestResponse, 'item' | 'fields' | 'next' | 'is_table' | 'embedded' | 'pagination'>,
  { format = 'csv', maxPages = 3, backend }: DraftChoices = {},
): string {
  const isFound = found !== undefined && found.item !== null;
  const ownHost = oneWordHost(url) && hostEntry(url);
  return `${CONFIG_SCHEMA_LINE}
${isFound ? '# A first draft, made from what was found on the page: keep what you want of it.' : '# A first draft. It takes what nearly every page has; put what you want in its place.'}
name: ${scalar(name)}

# The page to begin with (or urls: and a list of pages).
url: ${JSON.stringify(url)}
${ownHost === undefined ? '' : `\n# A host of your own network: a name without a dot has to stand here.\nallow_private_hosts: [${JSON.stringify(ownHost)}]\n`}
${isFound ? rowLines(found) : `${ELEMENT_ROWS}\n# item: article.product`}

${describeFields(found)}
selectors:
${isFound ? found.fields.map((field) => fieldLines(field, format)).join('') : ANY_FIELDS}
# How to get to the next page${found?.next ? ', and how many of them to read' : ''}:
${found?.next ? paginationLines(found.pagination ?? { type: 'next_button', selector: found.next }, maxPages) : ANY_PAGINATION}
# Seconds between two requests to the same host.
delays:
  type: fixed
  value: 1

# csv, json, jsonl, excel or sqlite; the file is made in the home's output folder.
output:
  format: ${format}
  path: "${name}_{date}${defaultExtension(format)}"
${backend === undefined ? '' : `\n# Its pages are made by scripts.\nbackend: ${backend}\n`}`;
}

type Found = Pick<SuggestResponse, 'item' | 'is_table' | 'embedded'>;

const ELEMENT_ROWS =
  '# The element that holds one row, by its CSS selector. Every selector below then looks inside it.';

function rowLines({ item, is_table, embedded }: Found): string {
  const selector = scalar(item ?? '');
  if (is_table) return `# The table whose rows are taken. Its header names the columns.\ntable: ${selector}`;
  const script =
    embedded === undefined
      ? ''
      : `# The script of the page that holds its data.\nembedded: ${scalar(embedded)}\n\n`;
  const words = isData(item)
    ? '# What holds one row, by its JSONPath. In every path below, $ is the row.'
    : ELEMENT_ROWS;
  return `${script}${words}\nitem: ${selector}`;
}

function describeFields(found: Found | undefined): string {
  if (found?.is_table) return '# What a row consists of: names of your own, and columns.';
  if (isData(found?.item)) return '# What a row consists of: names of your own, and paths.';
  return '# What a row consists of: names of your own, and CSS selectors. A selector alone takes the text of what it matches.';
}

function isData(item: string | null | undefined): boolean {
  return /^(?:json|jsonld|microdata):/.test(item ?? '');
}

/** The formats that can hold nested values. */
const RECORD_FORMATS: readonly OutputFormat[] = ['json', 'jsonl'];

const ANY_FIELDS = `  title: h1, h2
  # An attribute in place of the text:
  link:
    selector: a[href]
    attribute: href
`;

const ANY_PAGINATION = `# pagination:
#   type: next_button
#   selector: a[rel="next"]
#   max_pages: 3
`;

/** A field to write into a configuration. */
export interface DraftField {
  name: string;
  selector: string;
  /** The attribute to take, or null for the text. */
  attribute: string | null;
  /** The heading of its column, in the rows of a table. */
  column?: string | undefined;
  type?: string | undefined;
  regex?: string | undefined;
}

/** Writes what to take from a page, as the shortest configuration that test_config takes: without an output. */
export function extractionText(
  url: string,
  item: string | null,
  fields: readonly DraftField[],
  needsBrowser = false,
): string {
  const rows = item === null ? '' : `item: ${scalar(item)}\n`;
  const backend = needsBrowser ? 'backend: browser\n' : '';
  return `url: ${JSON.stringify(url)}\n${rows}selectors:\n${fields.map(draftFieldLines).join('')}${backend}`;
}

function fieldLines(field: SuggestResponse['fields'][number], format: OutputFormat): string {
  // A price contains amount and currency; a flat format would hold that as JSON.
  const isFlat = field.type === 'price' && !RECORD_FORMATS.includes(format);
  return draftFieldLines({ ...field, type: isFlat ? undefined : field.type });
}

function draftFieldLines({ name, selector, attribute, column, type, regex }: DraftField): string {
  if (attribute === null && column === undefined && type === undefined && regex === undefined)
    return `  ${scalar(name)}: ${scalar(selector)}\n`;
  const lines = [
    ...(column === undefined ? [] : [`column: ${scalar(column)}`]),
    ...(column !== undefined && selector === ':scope' ? [] : [`selector: ${scalar(selector)}`]),
    ...(attribute === null ? [] : [`attribute: ${scalar(attribute)}`]),
    ...(regex === undefined ? [] : [`regex: ${scalar(regex)}`]),
    ...(type === undefined ? [] : [`type: ${type}`]),
  ];
  return `  ${scalar(name)}:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

type DraftPagination = NonNullable<SuggestResponse['pagination']> | { type: 'next_button'; selector: string };

function paginationLines(pagination: DraftPagination, maxPages: number | null): string {
  const keys = { ...pagination, ...(maxPages !== null && { max_pages: maxPages }) };
  const lines = Object.entries(keys).map(
    ([key, value]) =>
      `  ${key}: ${typeof value === 'number' ? value : key === 'type' ? value : scalar(value)}\n`,
  );
  return `pagination:\n${lines.join('')}`;
}

/** Formats a text as a YAML value, quoted when YAML could read it as something else. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z.][\w.> -]*[\w]$/.test(text) || /^[a-z]$/.test(text);
  const isWord = /^(?:null|true|false|yes|no|on|off|y|n|\.inf|\.nan)$/i.test(text);
  return isPlain && !isWord ? text : `'${text.replaceAll("'", "''")}'`;
}
