import { escapeHtml } from '../../core/lib/escape-html.ts';
import { escapeControlCharacters } from '../../core/lib/sanitize-text.ts';

/** What no text needs and XML 1.0 refuses: control characters but tab and line feed, half characters, U+FFFE, U+FFFF. */
const CONTROLS = /(?![\t\n])[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu;

/**
 * The escape of a value within a template that is sent as this content type: for a form percent-encoding, for XML and
 * HTML entities, for other text nothing but that control characters are replaced. All other types get the escape of the
 * inside of a JSON text. So does a form whose template has quotes, since one of its fields is JSON, before it is encoded.
 */
export function escapeForType(contentType: string, template = ''): (value: string) => string {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/x-www-form-urlencoded')
    return /"|%22/.test(template) ? (value) => escapeForForm(escapeForJson(value)) : escapeForForm;
  if (/^(?:text|application)\/(?:.*\+)?(?:x?html|xml)$/.test(type) || /\+xml$/.test(type))
    return escapeForXml;
  // A text type of JSON or of scripts has quotes too.
  if (/^text\/(?!.*(?:json|javascript|ecmascript))/.test(type)) return withoutControls;
  return escapeForJson;
}

function escapeForForm(value: string): string {
  return encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}

function escapeForXml(value: string): string {
  return escapeHtml(withoutControls(value));
}

function withoutControls(value: string): string {
  return value.replaceAll(CONTROLS, '\ufffd');
}

function escapeForJson(value: string): string {
  return escapeControlCharacters(JSON.stringify(value).slice(1, -1));
}
