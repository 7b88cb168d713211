import { createConcealer, type Redact } from '../lib/redact.ts';
import type { PagesRequest } from '../source/pages-request.ts';

/** How the pages of a client's text are visited: neither its rows nor the site's own links tell it what variables hold. */
export type Concealment = Required<Pick<PagesRequest, 'conceal' | 'redact' | 'writtenLinksOnly'>>;

/**
 * For a text that a program saved, whoever has it carried out.
 * @param values by variable, what was filled in
 * @param redactSparing what takes them out of messages (config/parse.ts)
 * @returns undefined when none of them is a secret
 */
export function createConcealment(
  values: Readonly<Record<string, string>>,
  redactSparing: Redact,
): Concealment | undefined {
  const conceal = createConcealer(values);
  return conceal && { conceal, redact: redactSparing, writtenLinksOnly: true };
}

/** What a person is told of it. */
export function describeConcealment(values: Readonly<Record<string, string>>): string {
  const names = Object.keys(values).map((name) => `\${${name}}`);
  return (
    `an assistant's program saved this configuration: rows say ${names.join(', ')} and not what stands for it. ` +
    'A text that you have edited since sees pages as they are.'
  );
}
