import * as z from 'zod';
import { isLocale } from '../parsers/locale-facts.ts';

/** `locale`: how figures and dates that can be read in two ways are meant. */
export const localeInput = z
  .string()
  .superRefine((tag, context) => {
    if (isLocale(tag)) return;
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(tag.slice(0, 40))} is no locale`,
      params: { hint: 'Write a language, and a country where it matters: de, en-GB, fr-CH.' },
    });
  })
  .describe('How figures and dates that can be read in two ways are meant: de, en-GB …');
