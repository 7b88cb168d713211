import { unescape as percentDecode } from 'node:querystring';
import { domainToASCII } from 'node:url';
import { type DecodedText, decodeEscapes } from './decode-escapes.ts';

/** Removes secret values from a text. */
export type Redact = (text: string) => string;

/** Removes secret values from consecutive texts, such as those of a page. A value may span several of them. */
export type Conceal = (texts: readonly string[]) => string[];

/** Shorter values are not secret, and would match everywhere. */
const MIN_SECRET_LENGTH = 4;
/** A line of a longer value is secret by itself if it has this length, because messages may quote one line. */
const MIN_LINE_LENGTH = 8;
/** Room for one UTF-8 character decoded as Latin-1, and the beginning of an escape. */
const ESCAPE_ROOM = 16;
/** Messages truncate long texts, and end or quote them with one of these characters. */
const CUT = /[…"]/g;

/** The rest of a truncated escape, in the decoded form (`decodeEscapes`). */
const CUT_ESCAPE =
  /[\x80-\xff]*(?:%[\da-f]?|u[\da-f]{0,3}|u\{[\da-f]{0,8}|x[\da-f]?|&(?:#\d{0,8}|#x[\da-f]{0,8}|[a-z]{0,4}))?$/;

/** Characters next to a quoted text, or to a word of a sentence, but not inside an address. */
const BEFORE = /^$|[\s"(]/;
const AFTER = /^$|^[\s"),]|^[.:;](?:\s|$)/;

/** One spelling of a value in decoded form (`decodeEscapes`), and its replacement. */
interface Spelling {
  reads: string;
  name: string;
  /** Adjacent characters contain bits of the value, too. */
  isBase64: boolean;
}

interface SecretRange {
  from: number;
  to: number;
  name: string;
}

/**
 * Creates a function that replaces variables' values in a text by `${NAME}`. It finds a value
 * - in any case, escaped once or several times for addresses, JSON or HTML, or with invisible characters in it;
 * - in Base64 at any offset, and in hexadecimal digits;
 * - truncated, where a message was cut.
 * @param values values filled in, by variable
 * @param spared texts that stay if they are a separate word or quoted, and not inside an address. Their author must not
 *   learn whether one of them is a secret value.
 */
export function createRedactor(
  values: Readonly<Record<string, string>>,
  spared: readonly string[] = [],
): Redact {
  const secrets = getSecrets(values);
  if (secrets.length === 0) return (text) => text;
  const spellings = getAllSpellings(secrets);
  return (text) => {
    const read = decodeEscapes(text);
    const whole = findSecretRanges(text, read, secrets, spellings).sort(compareRanges);
    const ranges = [...whole];
    const isWithin = createRangeTest(whole);
    for (const { index } of text.matchAll(CUT)) {
      const range = findTruncatedRange(spellings, read, index);
      // The end of a whole value can look like the beginning of the same value.
      if (range && !isWithin(range.from)) ranges.push(range);
    }
    return replaceRanges(text, ranges.length === 0 ? ranges : excludeSpared(text, ranges, spared));
  };
}

/**
 * Creates a function that does the same for texts that were not truncated.
 * @returns undefined if none of the values is a secret
 */
export function createConcealer(values: Readonly<Record<string, string>>): Conceal | undefined {
  const secrets = getSecrets(values);
  if (secrets.length === 0) return undefined;
  const spellings = getAllSpellings(secrets);
  const isFree = createQuickTest(secrets, spellings);
  return (texts) => {
    const whole = texts.join('');
    if (isFree(whole)) return [...texts];
    const ranges = findSecretRanges(whole, decodeEscapes(whole), secrets, spellings).sort(compareRanges);
    if (ranges.length === 0) return [...texts];
    let next = 0;
    let end = 0;
    return texts.map((text) => {
      const start = end;
      end += text.length;
      const own: SecretRange[] = [];
      // A match that spans several texts is split at their borders.
      for (let at = next; at < ranges.length; at += 1) {
        const { from, to, name } = ranges[at] as SecretRange;
        if (from >= end) break;
        if (to <= start) continue;
        const isBegun = from < start;
        own.push({
          from: Math.max(from, start) - start,
          to: Math.min(to, end) - start,
          name: isBegun ? '' : name,
        });
      }
      while (next < ranges.length && (ranges[next] as SecretRange).to <= end) next += 1;
      return replaceRanges(text, own);
    });
  };
}

/** Characters that decoding drops. */
const DROPPED = /[\s\p{Cc}\p{Cf}\p{DI}+/"'`]+/gu;
/** Escapes, and the letters whose lower case depends on their neighbours or has another length. */
const NEEDS_DECODING = /%[\da-f]{2}|[\\İΣ]|&(?:amp|lt|gt|quot|apos|#)/i;

/**
 * Creates a test whether a text surely holds no value. It is for texts without escapes, as most texts of rows are:
 * decoding them takes ten times as long.
 */
function createQuickTest(
  secrets: readonly (readonly [string, string])[],
  spellings: readonly Spelling[],
): (text: string) => boolean {
  const reads = [...new Set(spellings.map((spelling) => spelling.reads))];
  return (text) => {
    if (NEEDS_DECODING.test(text)) return false;
    const plain = text.toLowerCase().replaceAll(DROPPED, '');
    return !secrets.some(([, value]) => text.includes(value)) && !reads.some((read) => plain.includes(read));
  };
}

/** Returns the ranges that are not inside a spared text. */
function excludeSpared(
  text: string,
  ranges: readonly SecretRange[],
  spared: readonly string[],
): SecretRange[] {
  const words = spared.filter((own) => own !== '');
  const spans = words.flatMap((own) =>
    findIndexes(text, own).flatMap((from) => {
      const to = from + own.length;
      const standsAlone = BEFORE.test(text.charAt(from - 1)) && AFTER.test(text.slice(to, to + 2));
      return standsAlone ? [{ from, to }] : [];
    }),
  );
  return ranges.filter((range) => !spans.some(({ from, to }) => from <= range.from && range.to <= to));
}

function getSecrets(values: Readonly<Record<string, string>>): [name: string, value: string][] {
  return Object.entries(values).filter(([, value]) => value.trim().length >= MIN_SECRET_LENGTH);
}

function getAllSpellings(secrets: readonly (readonly [string, string])[]): Spelling[] {
  return (
    secrets
      .flatMap(([name, value]) =>
        getSpellings(value).map((spelling) => ({ ...spelling, name: `\${${name}}` })),
      )
      // Longest first: replacing a value inside another one would leave the rest of the latter.
      .sort((a, b) => b.reads.length - a.reads.length)
  );
}

function findSecretRanges(
  text: string,
  read: DecodedText,
  secrets: readonly (readonly [string, string])[],
  spellings: readonly Spelling[],
): SecretRange[] {
  const ranges = secrets.flatMap(([name, value]) =>
    findIndexes(text, value).map((from) => ({ from, to: from + value.length, name: `\${${name}}` })),
  );
  for (const { reads, name, isBase64 } of spellings)
    for (const at of findIndexes(read.text, reads)) {
      const range = { from: read.from[at] ?? 0, to: read.to[at + reads.length - 1] ?? 0, name };
      ranges.push(isBase64 ? extendToWord(text, range) : range);
    }
  return ranges;
}

/** Returns the spellings of a value in decoded form. A percent-encoded value is also matched in its decoded meaning. */
function getSpellings(value: string): Omit<Spelling, 'name'>[] {
  const meant = [...new Set([value, percentDecode(value)])];
  return [
    ...[...new Set(meant.flatMap(getPlainForms))].map((reads) => ({ reads, isBase64: false })),
    ...[...new Set(meant.flatMap(getBase64Forms))].map((text) => ({
      reads: decodeEscapes(text).text,
      isBase64: true,
    })),
  ].filter(({ reads }) => reads.length >= MIN_SECRET_LENGTH);
}

function getPlainForms(value: string): string[] {
  const lines = value.split('\n').filter((line) => line.trim().length >= MIN_LINE_LENGTH);
  // UTF-8 decoded as Latin-1, as in headers; and a host name in ASCII.
  const otherwise = [Buffer.from(value).toString('latin1'), domainToASCII(value)];
  const hex = Buffer.from(value).toString('hex');
  return [value, ...lines, ...otherwise, hex].map((text) => decodeEscapes(text).text);
}

/** Base64 encodes three bytes as four characters, so the spelling depends on the value's offset in the text. */
function getBase64Forms(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    return (['base64', 'base64url'] as const).map((alphabet) => {
      const text = bytes.toString(alphabet).replace(/=+$/, '');
      // The first and last characters may contain bits of adjacent bytes, so they are left out.
      const end = bytes.length % 3 === 0 ? text.length : text.length - 1;
      return text.slice(before === 0 ? 0 : before + 1, end);
    });
  });
}

function extendToWord(text: string, { from, to, name }: SecretRange): SecretRange {
  const before = /[\w+/-]/.test(text.charAt(from - 1)) ? 1 : 0;
  const [after = ''] = /^[\w+/-]?={0,2}/.exec(text.slice(to, to + 3)) ?? [];
  return { from: from - before, to: to + after.length, name };
}

function findIndexes(text: string, part: string): number[] {
  const indexes: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) indexes.push(at);
  return indexes;
}

/** Finds a value that is truncated at `end`, perhaps inside an escape. */
function findTruncatedRange(
  spellings: readonly Spelling[],
  { text, from }: DecodedText,
  end: number,
): SecretRange | undefined {
  const range = findFirstFrom(from, end);
  // Only the end is searched, because texts with many quotes are long. No spelling or cut escape reaches further back.
  const start = Math.max(0, range - 2 * (spellings[0]?.reads.length ?? 0) - ESCAPE_ROOM);
  const before = text.slice(start, range);
  for (const shown of new Set([before, before.replace(CUT_ESCAPE, '')]))
    for (const { reads, name } of spellings) {
      const at = findPrefixAtEnd(shown, reads);
      if (at !== undefined) return { from: from[start + at] ?? 0, to: end, name };
    }
  return undefined;
}

/** Creates a test whether an offset is inside one of the ranges, after its start. @param ranges sorted by start */
function createRangeTest(ranges: readonly SecretRange[]): (at: number) => boolean {
  const beginnings = ranges.map(({ from }) => from);
  let furthest = 0;
  const reached = ranges.map(({ to }) => {
    furthest = Math.max(furthest, to);
    return furthest;
  });
  return (at) => at < (reached[findFirstFrom(beginnings, at) - 1] ?? 0);
}

/** Returns the index of the first number that is at least `least`. @param numbers in ascending order */
function findFirstFrom(numbers: ArrayLike<number>, least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns where the longest prefix of `whole` starts with which `text` ends. */
function findPrefixAtEnd(text: string, whole: string): number | undefined {
  const first = whole.slice(0, MIN_SECRET_LENGTH);
  const earliest = Math.max(0, text.length - whole.length + 1);
  for (let at = text.indexOf(first, earliest); at >= 0; at = text.indexOf(first, at + 1))
    if (whole.startsWith(text.slice(at))) return at;
  return undefined;
}

function compareRanges(a: SecretRange, b: SecretRange): number {
  return a.from - b.from || b.to - a.to;
}

function replaceRanges(text: string, ranges: readonly SecretRange[]): string {
  let renamedText = '';
  let at = 0;
  for (const { from, to, name } of [...ranges].sort(compareRanges)) {
    if (from >= at) renamedText += text.slice(at, from) + name;
    at = Math.max(at, to);
  }
  return renamedText + text.slice(at);
}
