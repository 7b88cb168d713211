import { escapeHtml } from '../../core/lib/escape-html.ts';
import { isRecord, tryParseJson } from '../../core/lib/json.ts';
import { escapeControlCharacters } from '../../core/lib/sanitize-text.ts';
import { fillTemplate, PLACEHOLDER } from './fill-template.ts';

type Format = 'form' | 'json' | 'markup' | 'text';
type Fields = Readonly<Record<string, string>>;

/**
 * Fills in the body of a web hook. Values are escaped for its content type: for a form percent-encoded, for XML and HTML
 * as entities, for all other types but texts as the inside of a JSON text. A value of a form, a text within JSON, and a
 * plain text may be JSON or markup themselves: there they are escaped for both.
 */
export function fillBody(template: string, fields: Fields, contentType: string): string {
  return fill(template, fields, formatOf(template, contentType));
}

function formatOf(template: string, contentType: string): Format {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (/^(?:text|application)\/(?:.*\+)?(?:x?html|xml)$/.test(type) || /\+xml$/.test(type)) return 'markup';
  // A text type of JSON or of scripts has quotes too.
  return /^text\/(?!.*(?:json|javascript|ecmascript))/.test(type) ? formatOfText(template) : 'json';
}

/** The format that a text has by its look. */
function formatOfText(template: string): Format {
  const value = tryParseJson(template.replaceAll(PLACEHOLDER, '0'));
  if (isRecord(value) || Array.isArray(value)) return 'json';
  return /<[a-z!/?]/i.test(template) ? 'markup' : 'text';
}

function fill(template: string, fields: Fields, format: Format): string {
  if (format === 'form') return fillForm(template, fields);
  if (format === 'json') return fillJson(template, fields);
  return fillTemplate(template, fields, format === 'markup' ? escapeMarkup : withoutControls);
}

function fillForm(template: string, fields: Fields): string {
  return template
    .split('&')
    .map((pair) => {
      const [name = '', value] = pair.split(/=(.*)/s);
      const filled = fillTemplate(name, fields, encodeForForm);
      if (value === undefined) return filled;
      return `${filled}=${hasPlaceholder(value) ? fillFormValue(value, fields) : value}`;
    })
    .join('&');
}

function fillFormValue(value: string, fields: Fields): string {
  try {
    const text = decodeURIComponent(value.replaceAll('+', ' '));
    return encodeForForm(fill(text, fields, formatOfText(text)));
  } catch {
    // The template has a "%" of its own.
    return fillTemplate(value, fields, encodeForForm);
  }
}

const JSON_TEXT = /"(?:[^"\\]|\\.)*"/gs;

function fillJson(template: string, fields: Fields): string {
  let end = 0;
  let filled = '';
  for (const { 0: quoted, index } of template.matchAll(JSON_TEXT)) {
    filled += fillTemplate(template.slice(end, index), fields, escapeJson) + fillJsonText(quoted, fields);
    end = index + quoted.length;
  }
  return filled + fillTemplate(template.slice(end), fields, escapeJson);
}

/** @param quoted with its quotes */
function fillJsonText(quoted: string, fields: Fields): string {
  if (!hasPlaceholder(quoted)) return quoted;
  const text = tryParseJson(quoted);
  // A line feed within it, for example.
  if (typeof text !== 'string') return fillTemplate(quoted, fields, escapeJson);
  return `"${escapeJson(fill(text, fields, formatOfText(text)))}"`;
}

function hasPlaceholder(text: string): boolean {
  return text.search(PLACEHOLDER) !== -1;
}

function encodeForForm(value: string): string {
  return encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}

function escapeMarkup(value: string): string {
  return escapeHtml(withoutControls(value));
}

/** What no text needs and XML 1.0 refuses: control characters but tab and line feed, half characters, U+FFFE, U+FFFF. */
const CONTROLS = /(?![\t\n])[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu;

function withoutControls(value: string): string {
  return value.replaceAll(CONTROLS, '\ufffd');
}

function escapeJson(value: string): string {
  return escapeControlCharacters(JSON.stringify(value).slice(1, -1));
}
