import * as z from 'zod';
import { hasTwoSchemes, readTypedAddress } from '../../core/configs/typed-address.ts';
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { isLocale } from '../parsers/locale-facts.ts';
import { findPatternProblem } from '../parsers/match-pattern.ts';

/** `locale`: decides how ambiguous numbers and dates are read. */
export const localeInput = z
  .string()
  .superRefine((tag, context) => {
    if (isLocale(tag)) return;
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(tag.slice(0, 40))} is not a locale`,
      params: { hint: 'Write a language, and a country where it matters: de, en-GB, fr-CH.' },
    });
  })
  .describe('Language and country of numbers and dates that can be read in two ways: de, en-GB …');

/** A pattern in RE2's dialect. */
export const patternInput = z.string().superRefine((pattern, context) => {
  const problem = findPatternProblem(pattern);
  if (problem === undefined) return;
  context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
});

/** `regex` of a field: which part of its text to take. */
export const regexInput = patternInput.describe(
  'Take what this pattern (RE2) matches: its first group, or all of it',
);

/**
 * Returns why `text` cannot be fetched; undefined if it is an http or https address.
 * @param written the text as it appears in the configuration, if different
 */
export function findAddressProblem(
  text: string,
  written: string = text,
): { message: string; hint: string } | undefined {
  const hint = hintFor(written);
  if (hasTwoSchemes(text)) return { message: 'the address begins with two schemes', hint };
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) || /^[^/]*:\d/.test(text))
    return { message: 'not a web address', hint };
  if (!/^https?:/i.test(text)) return { message: 'only http:// and https:// addresses can be fetched', hint };
  if (!/^https?:\/\//i.test(text) || !canParseUrl(text) || /\s/.test(text)) {
    return { message: 'not a web address', hint };
  }
  return undefined;
}

/** Longer addresses are not repeated in hints. */
const MAX_SHOWN_CHARACTERS = 200;

/** Returns a hint with the address that was probably intended. An address with a password is not repeated. */
function hintFor(text: string): string {
  const read = text.length > MAX_SHOWN_CHARACTERS || text.includes('@') ? undefined : readTypedAddress(text);
  if (read !== undefined && 'url' in read) return `Write "${read.url}".`;
  return 'Write the whole address, such as "https://example.com/books".';
}

export const webAddress = z
  .string()
  .superRefine((text, context) => {
    const problem = findAddressProblem(text);
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
    }
  })
  .meta({ format: 'uri' });
