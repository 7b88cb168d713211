import * as z from 'zod';

/** Why `text` cannot be fetched; undefined when it is an http or https address. */
export function addressProblem(text: string): { message: string; hint: string } | undefined {
  const hint = 'Write the whole address, such as "https://example.com/books".';
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) || /^[^/]*:\d/.test(text))
    return { message: 'not a web address', hint };
  if (!/^https?:/i.test(text)) return { message: 'only http:// and https:// addresses can be fetched', hint };
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text) || /\s/.test(text)) {
    return { message: 'not a web address', hint };
  }
  return undefined;
}

export const webAddress = z
  .string()
  .superRefine((text, context) => {
    const problem = addressProblem(text);
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
    }
  })
  .meta({ format: 'uri' });
