import { createRequire } from 'node:module';
import { LRUCache } from 'lru-cache';
import type { RE2JS } from 're2js';
import type { ParseResult } from './parse-result.ts';

/** Longer texts are not searched. The time is linear in the length; this much takes a second or two at worst. */
const MAX_TEXT_CHARACTERS = 1_000_000;
/** Maximum length of a pattern. */
const MAX_PATTERN_CHARACTERS = 1_000;

type Engine = Pick<typeof RE2JS, 'compile'>;

// Loaded only if there is a pattern.
const require = createRequire(import.meta.url);
/** The patterns of a configuration; those that a page's data hold must not fill the memory. */
const compiled = new LRUCache<string, RE2JS>({ max: 200 });
let engine: Engine | undefined;

/** Compiles a pattern of RE2's dialect: matching takes linear time. @throws Error if the pattern is invalid */
function compile(pattern: string): RE2JS {
  const before = compiled.get(pattern);
  if (before !== undefined) return before;
  engine ??= (require('re2js') as { RE2JS: Engine }).RE2JS;
  const made = engine.compile(pattern);
  compiled.set(pattern, made);
  return made;
}

/** Returns the first match: its first capture group, or all of it if the pattern has no group. */
export function matchPattern(pattern: string, text: string): ParseResult<string> {
  if (text.length > MAX_TEXT_CHARACTERS) return { reason: 'is too long for its regex' };
  const matcher = compile(pattern).matcher(text);
  if (!matcher.find()) return { reason: 'is not matched by its regex' };
  const found = compile(pattern).groupCount() > 0 ? matcher.group(1) : matcher.group(0);
  return found === null ? { reason: 'is not matched by the group of its regex' } : { value: found };
}

/** Whether a pattern matches anywhere in a text; false if the text is too long. */
export function hasMatch(pattern: string, text: string): boolean {
  return text.length <= MAX_TEXT_CHARACTERS && compile(pattern).matcher(text).find();
}

/** Whether a pattern matches a whole text; false if the text is too long, or the pattern is invalid. */
export function matchesWhole(pattern: string, text: string): boolean {
  return isShortEnough(pattern, text) && compileOrNone(pattern)?.matcher(text).matches() === true;
}

/** Whether a pattern matches anywhere in a text; false if the text is too long, or the pattern is invalid. */
export function searches(pattern: string, text: string): boolean {
  return isShortEnough(pattern, text) && compileOrNone(pattern)?.matcher(text).find() === true;
}

function isShortEnough(pattern: string, text: string): boolean {
  return text.length <= MAX_TEXT_CHARACTERS && pattern.length <= MAX_PATTERN_CHARACTERS;
}

/** Patterns of a page's data: any text. */
function compileOrNone(pattern: string): RE2JS | undefined {
  try {
    return compile(pattern);
  } catch {
    return undefined;
  }
}

/** Whether a pattern has a capture group. */
export function hasCaptureGroup(pattern: string): boolean {
  return compile(pattern).groupCount() > 0;
}

/** Returns why a pattern cannot be used; undefined if it can. */
export function findPatternProblem(pattern: string): { message: string; hint?: string } | undefined {
  if (pattern === '')
    return { message: 'the regex is empty', hint: 'Write what to find, such as "(\\\\d+)".' };
  if (pattern.length > MAX_PATTERN_CHARACTERS)
    return { message: `the regex is longer than ${MAX_PATTERN_CHARACTERS} characters` };
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    const { error: reason, input } = error as { error?: string; input?: string };
    const message = `the regex cannot be read: ${reason ?? String(error)}${input ? ` at "${input}"` : ''}`;
    const hint = getHint(pattern, input ?? '');
    return hint === undefined ? { message } : { message, hint };
  }
}

function getHint(pattern: string, input: string): string | undefined {
  if (/\(\?<?[=!]/.test(pattern)) {
    return 'Patterns cannot look ahead or behind, because that can take forever: put what you want in brackets, as in "id=(\\d+)".';
  }
  if (/^\\[1-9]/.test(input)) return 'A pattern cannot refer back to a group, because that can take forever.';
  if (/^\\u/i.test(input)) return 'Write the character itself, or \\x{20AC}.';
  return undefined;
}
