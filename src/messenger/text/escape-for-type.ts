import { escapeHtml } from '../../core/lib/escape-html.ts';
import { escapeControlCharacters } from '../../core/lib/sanitize-text.ts';

/** Tab and line feed are the only ones that a text needs. */
const CONTROLS = /(?![\t\n])\p{Cc}/gu;

/**
 * The escape of a value within a template that is sent as this content type: for a form percent-encoding, for XML and
 * HTML entities, for other text nothing but that control characters are replaced. All other types get the escape of the
 * inside of a JSON text.
 */
export function escapeForType(contentType: string): (value: string) => string {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/x-www-form-urlencoded') return escapeForForm;
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
