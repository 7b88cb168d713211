import * as z from 'zod';
import { hasTwoSchemes, readTypedAddress } from '../../core/configs/typed-address.ts';

/**
 * Why `text` cannot be fetched; undefined when it is an http or https address.
 * @param written how it stands in the configuration, where that is something else
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
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text) || /\s/.test(text)) {
    return { message: 'not a web address', hint };
  }
  return undefined;
}

/** A longer address is not repeated. */
const MAX_SHOWN_CHARACTERS = 200;

/** The address that is most likely meant. One with a password in it is not repeated. */
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
