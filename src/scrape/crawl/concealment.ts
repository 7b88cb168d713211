import { createConcealer, type Redact } from '../lib/redact.ts';
import type { PagesRequest } from '../source/pages-request.ts';

/**
 * How pages are visited for a client's configuration. Neither rows nor the site's own links reveal the values of
 * variables to the client.
 */
export type Concealment = Required<Pick<PagesRequest, 'conceal' | 'redact' | 'writtenLinksOnly'>>;

/**
 * Creates the concealment for a configuration text that a program saved, whichever client runs it.
 * @param values the inserted values, by variable
 * @param redactSparing removes them from messages (config/parse-config.ts)
 * @returns undefined if none of them is a secret
 */
export function createConcealment(
  values: Readonly<Record<string, string>>,
  redactSparing: Redact,
): Concealment | undefined {
  const conceal = createConcealer(values);
  return conceal && { conceal, redact: redactSparing, writtenLinksOnly: true };
}

/** Describes the concealment for a person. */
export function describeConcealment(values: Readonly<Record<string, string>>): string {
  const names = Object.keys(values).map((name) => `\${${name}}`);
  return (
    `an assistant's program saved this configuration: rows say ${names.join(', ')} and not what stands for it. ` +
    'A text that you have edited since sees pages as they are.'
  );
}
