import { domainToASCII } from 'node:url';
import { QuickscrapeError } from '../core/errors.ts';
import { ScrapeError } from './errors.ts';
import { type Readable, readable } from './readable.ts';

/** Takes secret values out of a text. */
export type Redact = (text: string) => string;

/** Shorter values are no secrets, and would be found everywhere. */
const SHORTEST = 4;
/** A line of a longer value that is at least so long is secret by itself: messages may show one alone. */
const SHORTEST_LINE = 8;
/** Messages cut long texts, and end or quote them with one of these. */
const CUT = /[…"]/g;

/** A way to write a value, as it reads (`readable`), and what is put in its place. */
interface Spelling {
  reads: string;
  name: string;
}

interface Place {
  from: number;
  to: number;
  name: string;
}

/**
 * Makes a function that writes `${NAME}` where a text holds the variable's value: as it is, in upper or lower case,
 * escaped for addresses, JSON or HTML, once or several times, in Base64 at any place, or its beginning where a message
 * was cut.
 * @param values by variable, what was filled in for it
 */
export function redactor(values: Readonly<Record<string, string>>): Redact {
  const secrets = Object.entries(values).filter(([, value]) => value.trim().length >= SHORTEST);
  if (secrets.length === 0) return (text) => text;
  const spellings = secrets
    .flatMap(([name, value]) => spellingsOf(value).map((reads) => ({ reads, name: `\${${name}}` })))
    // A value within another one would leave the rest of that.
    .sort((a, b) => b.reads.length - a.reads.length);
  return (text) => {
    const read = readable(text);
    const places = secrets.flatMap(([name, value]) =>
      indexesOf(text, value).map((from) => ({ from, to: from + value.length, name: `\${${name}}` })),
    );
    for (const { reads, name } of spellings)
      for (const at of indexesOf(read.text, reads))
        places.push({ from: read.from[at] ?? 0, to: read.to[at + reads.length - 1] ?? 0, name });
    for (const { index } of text.matchAll(CUT)) {
      const place = cutPlace(spellings, read, index);
      if (place) places.push(place);
    }
    return without(text, places);
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

/** How a value may be written, each as it reads. */
function spellingsOf(value: string): string[] {
  const lines = value.split('\n').filter((line) => line.trim().length >= SHORTEST_LINE);
  // UTF-8 read as Latin-1, as headers are; a host's name in ASCII.
  const otherwise = [Buffer.from(value).toString('latin1'), domainToASCII(value)];
  const written = [value, ...lines, ...otherwise, ...base64Forms(value)].map((text) => readable(text).text);
  return [...new Set(written)].filter((text) => text.length >= SHORTEST);
}

/** Base64 puts three bytes into four characters: what a value looks like depends on where in the text it stands. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    return (['base64', 'base64url'] as const).map((alphabet) => {
      const text = bytes.toString(alphabet).replace(/=+$/, '');
      // Characters that neighbours share say nothing certain.
      const end = bytes.length % 3 === 0 ? text.length : text.length - 1;
      return text.slice(before === 0 ? 0 : before + 1, end);
    });
  });
}

function indexesOf(text: string, part: string): number[] {
  const indexes: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) indexes.push(at);
  return indexes;
}

/** Where a value begins that is cut at `end`, perhaps within an escape of its own. */
function cutPlace(spellings: readonly Spelling[], { text, from }: Readable, end: number): Place | undefined {
  const place = from.findIndex((at) => at >= end);
  const before = text.slice(0, place < 0 ? text.length : place);
  for (const shown of new Set([before, before.replace(/[\x80-\xff]*(?:%[\da-f]?)?$/, '')]))
    for (const { reads, name } of spellings) {
      const at = beginningAtEnd(shown, reads);
      if (at !== undefined) return { from: from[at] ?? 0, to: end, name };
    }
  return undefined;
}

/** Where the longest beginning of `whole` stands that `text` ends with. */
function beginningAtEnd(text: string, whole: string): number | undefined {
  const first = whole.slice(0, SHORTEST);
  const earliest = Math.max(0, text.length - whole.length + 1);
  for (let at = text.indexOf(first, earliest); at >= 0; at = text.indexOf(first, at + 1))
    if (whole.startsWith(text.slice(at))) return at;
  return undefined;
}

function without(text: string, places: readonly Place[]): string {
  let said = '';
  let at = 0;
  for (const { from, to, name } of [...places].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (from >= at) said += text.slice(at, from) + name;
    at = Math.max(at, to);
  }
  return said + text.slice(at);
}
