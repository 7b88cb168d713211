import type { TextRange } from './model.ts';

/** One word of a filter: what stands between spaces that are not in quotes. */
export interface Token extends TextRange {
  readonly negated: boolean;
  /** What stands before the value, as it was typed; `undefined` for free text. */
  readonly field: string | undefined;
  /** `:` or a comparison; empty for free text. */
  readonly operator: string;
  /** Free text is one part, values of a field are separated by commas. */
  readonly parts: readonly TokenPart[];
}

/** A value without its quotes. `from` and `to` include them. */
export interface TokenPart extends TextRange {
  readonly text: string;
  readonly quoted: boolean;
  /** Its quote was not closed. */
  readonly open: boolean;
}

const FIELD = /^([a-z_]+)(:|<=|>=|<|>|=)/i;

/** Cuts a filter's text into its words; every text has some reading. */
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
  // An address is a text, not a field with a name of its own.
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

/** Reads up to a space, or where there may be several up to a comma, that is not in quotes. */
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

/** A value as it has to be typed. */
export function quoteValue(value: string): string {
  return value === '' || /[\s",]/.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : value;
}

/** A free text as it has to be typed, so that it is taken for nothing else. */
export function quoteText(text: string): string {
  const plain = /^[^\s"!]+$/.test(text) && !FIELD.test(text);
  return plain ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
