import { QuickscrapeError } from '../core/errors.ts';
import { ScrapeError } from './errors.ts';

/** Takes secret values out of a text. */
export type Redact = (text: string) => string;

/** Shorter values are no secrets, and would be found everywhere. */
const SHORTEST = 4;
/** Messages cut long addresses: this much of a value at the cut still tells too much. */
const SHORTEST_PART = 4;

/**
 * Makes a function that writes `${NAME}` where a text holds the variable's value: as it is, in upper or lower case,
 * percent-encoded, escaped in JSON, in Base64 at any place, or its beginning where a message was cut.
 * @param values by variable, what was filled in for it
 */
export function redactor(values: Readonly<Record<string, string>>): Redact {
  const forms = Object.entries(values)
    .filter(([, value]) => value.trim().length >= SHORTEST)
    .flatMap(([name, value]) => formsOf(value).map((form) => ({ form, name: `\${${name}}` })))
    // A value within another one would leave the rest of that.
    .sort((a, b) => b.form.length - a.form.length);
  if (forms.length === 0) return (text) => text;
  const names = new Map(forms.map(({ form, name }) => [form.toLowerCase(), name]));
  const pattern = new RegExp([...names.keys()].map(escapeRegExp).join('|'), 'gi');
  return (text) => {
    const whole = text.replace(pattern, (found) => names.get(found.toLowerCase()) ?? '***');
    return withoutCutForms(whole, forms);
  };
}

/** The same failure, its words redacted. */
export function redactError(error: unknown, redact: Redact): unknown {
  if (error instanceof ScrapeError) {
    const { kind, message, url, hint, status } = error;
    return new ScrapeError(kind, redact(message), {
      ...(url !== undefined && { url: redact(url) }),
      ...(hint !== undefined && { hint: redact(hint) }),
      ...(status !== undefined && { status }),
    });
  }
  if (error instanceof QuickscrapeError) {
    const { field, hint, issues } = error;
    return new QuickscrapeError(error.code, redact(error.message), {
      ...(field !== undefined && { field }),
      ...(hint !== undefined && { hint: redact(hint) }),
      ...(issues !== undefined && { issues: issues.map((issue) => redactIssue(issue, redact)) }),
    });
  }
  if (!(error instanceof Error)) return error;
  const shown = new Error(redact(error.message));
  if (error.stack !== undefined) shown.stack = redact(error.stack);
  return shown;
}

/** The same finding, its words redacted. */
export function redactIssue<T extends { message: string; hint?: string }>(issue: T, redact: Redact): T {
  const { message, hint } = issue;
  return { ...issue, message: redact(message), ...(hint !== undefined && { hint: redact(hint) }) };
}

function formsOf(value: string): string[] {
  const forms = new Set([value, value.trim(), JSON.stringify(value).slice(1, -1), ...base64Forms(value)]);
  const whole = value.replaceAll(/[\uD800-\uDFFF]/gu, '\uFFFD');
  forms.add(encodeURIComponent(whole)).add(encodeURI(whole));
  forms.add(new URLSearchParams({ v: value }).toString().slice(2));
  const url = new URL('http://x');
  url.pathname = `/${value}`;
  url.search = `?${value}`;
  forms.add(url.pathname.slice(1)).add(url.search.slice(1));
  return [...forms].filter((form) => form.length >= SHORTEST);
}

/** Base64 puts three bytes into four characters: what a value looks like depends on where in the text it stands. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const text = bytes.toString('base64').replace(/=+$/, '');
    // Characters that neighbours share say nothing certain.
    const end = bytes.length % 3 === 0 ? text.length : text.length - 1;
    return text.slice(before === 0 ? 0 : before + 1, end);
  });
}

function withoutCutForms(text: string, forms: readonly { form: string; name: string }[]): string {
  const pieces = text.split(/([…"])/);
  return pieces
    .map((piece, at) => (at === pieces.length - 1 ? piece : withoutCutForm(piece, forms)))
    .join('');
}

function withoutCutForm(piece: string, forms: readonly { form: string; name: string }[]): string {
  for (const { form, name } of forms) {
    for (let length = form.length - 1; length >= SHORTEST_PART; length -= 1) {
      if (piece.endsWith(form.slice(0, length))) return piece.slice(0, -length) + name;
    }
  }
  return piece;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
