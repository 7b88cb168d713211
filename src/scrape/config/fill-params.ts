import type { ParamValue } from '../../core/model/params.ts';
import { bodyEscape, encodeForUrl, escapeForJson } from './body-text.ts';
import type { ParamPlace } from './param-places.ts';

/** Fills in the references of a part of a text. `write` says how a parameter's value is written. */
type Fill = (part: string, write: (value: ParamValue) => string) => string;

const PARAM = /\$\{params\.[^}]*\}/;

/**
 * Fills parameters into a text so that their values cannot change its structure: percent-encoded in an address, as
 * plain characters in a selector or a pattern, and inside their quotes in an XPath or a JSONPath. There, a value outside
 * of quotes is put into quotes.
 */
export function fillParams(text: string, place: ParamPlace, fill: Fill): string {
  switch (place) {
    case 'address':
      // The whole address is one of the configuration's own choices.
      return /^\$\{[^}]*\}$/.test(text) ? fill(text, String) : fill(text, encodeForUrl);
    case 'pattern':
      return fill(text, (value) => String(value).replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`));
    case 'css':
      return fill(text, (value) => escapeCss(String(value)));
    case 'xpath':
      return text.replaceAll(XPATH_PARTS, (part) => fillXPathPart(part, fill));
    case 'json':
      return text.replaceAll(JSON_PATH_PARTS, (part) => fillJsonPathPart(part, fill));
    case 'body':
      return fill(text, (value) => bodyEscape(text)(String(value)));
    case 'graphql':
      return fill(text, (value) => escapeForJson(String(value)));
    case 'text':
      return fill(text, String);
    default:
      return place satisfies never;
  }
}

/**
 * Escapes a text for an identifier or a string of CSS (CSSOM, "serialize an identifier"). White space is written as its
 * number, because a selector is trimmed, and so are letters beyond ASCII, of which the engine does not know all.
 */
function escapeCss(text: string): string {
  return text.replaceAll(/\s|^-?\d|^-$|[^\w-]/gu, (part) => {
    const last = [...part].at(-1) ?? '';
    if (/[!-,./:-~-]/.test(last)) return `\\${part}`;
    return `${part.slice(0, -last.length)}\\${(last.codePointAt(0) ?? 0).toString(16)} `;
  });
}

/** Literals, with doubled quotes inside, and what is between them. */
const XPATH_PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[^'"]+/g;

function fillXPathPart(part: string, fill: Fill): string {
  if (!PARAM.test(part)) return fill(part, String);
  const quote = part[0] ?? '';
  if (quote !== "'" && quote !== '"')
    return fill(part, (value) => (typeof value === 'number' ? String(value) : xpathLiteral(String(value))));
  return xpathLiteral(fill(part.slice(1, -1).replaceAll(quote + quote, quote), String));
}

/** XPath 1.0 has no escape for a quote in a literal. */
function xpathLiteral(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  const parts = text.split("'").map((part) => `'${part}'`);
  return `concat(${parts.join(`, "'", `)})`;
}

/** The same, with the escapes of RFC 9535. */
const JSON_PATH_PARTS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^'"]+/gs;

function fillJsonPathPart(part: string, fill: Fill): string {
  if (!PARAM.test(part)) return fill(part, String);
  if (part.startsWith('"')) return fill(part, (value) => escapeForJson(String(value)));
  if (part.startsWith("'"))
    return fill(part, (value) =>
      escapeForJson(String(value)).replaceAll(String.raw`\"`, '"').replaceAll("'", String.raw`\'`),
    );
  return fill(part, (value) => (typeof value === 'string' ? JSON.stringify(value) : String(value)));
}
