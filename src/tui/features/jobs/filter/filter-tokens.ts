import type { TextRange } from './model.ts';

/** One word of a filter: the text between spaces, where quoted spaces do not separate. */
export interface Token extends TextRange {
  readonly negated: boolean;
  /** The text before the value as typed; `undefined` for free text. */
  readonly field: string | undefined;
  /** `:` or a comparison; empty for free text. */
  readonly operator: string;
  /** The values of a field, separated by commas. Free text has one part. */
  readonly parts: readonly TokenPart[];
}

/** A value without its quotes; `from` and `to` include them. */
export interface TokenPart extends TextRange {
  readonly text: string;
  readonly quoted: boolean;
  /** The closing quote is missing. */
  readonly open: boolean;
}

const FIELD = /^([a-z_]+)(:|<=|>=|<|>|=)/i;

/** Splits a filter's text into words. It accepts every text. */
export function tokenizeFilter(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) at += 1;
    else {
      const token = readToken(text, at);
      tokens.push(token);
      at = token.to;
    }
  }
  return tokens;
}

function readToken(text: string, from: number): Token {
  const negated = text.charAt(from) === '!';
  const start = negated ? from + 1 : from;
  const rest = text.slice(start);
  // A URL is free text, not a field with a name such as `https`.
  const [head = '', field, operator = ''] = /^[a-z]+:\/\//i.test(rest) ? [] : (FIELD.exec(rest) ?? []);
  const parts = [readPart(text, start + head.length, field !== undefined)];
  let at = parts[0]?.to ?? start;
  while (field !== undefined && text.charAt(at) === ',') {
    const part = readPart(text, at + 1, true);
    parts.push(part);
    at = part.to;
  }
  return { from, to: at, negated, field, operator, parts };
}

/** Reads up to the next unquoted space, or with `endsAtComma` also up to the next unquoted comma. */
function readPart(text: string, from: number, endsAtComma: boolean): TokenPart {
  let value = '';
  let inQuotes = false;
  let quoted = false;
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') {
      inQuotes = !inQuotes;
      quoted = true;
    } else if (inQuotes && char === '\\' && /["\\]/.test(text.charAt(at + 1))) {
      at += 1;
      value += text.charAt(at);
    } else if (!inQuotes && (/\s/.test(char) || (endsAtComma && char === ','))) break;
    else value += char;
  }
  return { text: value, quoted, open: inQuotes, from, to: at };
}

/** Quotes a value where the syntax needs it. */
export function quoteValue(value: string): string {
  return value === '' || /[\s",]/.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : value;
}

/** Quotes a free text where it would otherwise parse as something else. */
export function quoteText(text: string): string {
  const plain = /^[^\s"!]+$/.test(text) && !FIELD.test(text);
  return plain ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
