import * as z from 'zod';
import { selectorProblem } from './selector-syntax.ts';

/** One field, as the extractor reads it. */
export interface FieldSelector {
  selector: string;
  /** Take this attribute instead of the text. */
  attribute?: string;
  /** Take the inner HTML instead of the text. */
  html: boolean;
  /** Take every match, as an array, instead of the first. */
  multiple: boolean;
  /** Fields found inside the match: the value is an object (with `multiple`, an array of objects). */
  children?: Record<string, FieldSelector>;
}

/** One field, as people write it. */
export type FieldInput = string | FieldObject;

interface FieldObject {
  selector: string;
  attribute?: string | undefined;
  html?: boolean | undefined;
  extract_html?: boolean | undefined;
  multiple?: boolean | undefined;
  children?: Record<string, FieldInput> | undefined;
}

export const cssSelector = z.string().superRefine((text, context) => {
  const problem = selectorProblem(text);
  if (problem !== undefined) {
    context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
  }
});

const fieldObject = z
  .strictObject({
    selector: cssSelector.describe('CSS selector, inside the row (or inside the parent field)'),
    attribute: z.string().min(1).optional().describe('Take this attribute instead of the text'),
    html: z.boolean().optional().describe('Take the inner HTML instead of the text'),
    extract_html: z.boolean().optional().describe('Older name of html'),
    multiple: z.boolean().optional().describe('Take every match, as a list, instead of the first'),
    get children(): z.ZodOptional<z.ZodType<Record<string, FieldInput>>> {
      return fieldRecord.optional();
    },
  })
  .superRefine((field, context) => {
    const kinds = (['attribute', 'html', 'extract_html', 'children'] as const).filter((key) => field[key]);
    const [first, second] = kinds;
    if (first === undefined || second === undefined) return;
    context.addIssue({
      code: 'custom',
      path: [second],
      message: `${first} and ${second} exclude each other`,
      params: {
        hint: 'A field is one of: text, an attribute, HTML, or an object of children. Make two fields.',
      },
    });
  });

const field: z.ZodType<FieldInput> = z.union([
  cssSelector.describe('CSS selector; the value is its text'),
  fieldObject,
]);

/** Fields by name, at least one. */
export const fieldRecord: z.ZodType<Record<string, FieldInput>> = z
  .record(z.string(), field)
  .superRefine((fields, context) => {
    const names = Object.keys(fields);
    if (names.length === 0) {
      context.addIssue({
        code: 'custom',
        message: 'names no field',
        params: { hint: 'Add one: title: "h1"' },
      });
    }
    for (const name of names) {
      if (/^\s*$|\p{Cc}/u.test(name)) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'a field needs a name of printable characters',
        });
      }
    }
  });

/** Fills in what people leave out. */
export function completeFields(fields: Record<string, FieldInput>): Record<string, FieldSelector> {
  return Object.fromEntries(Object.entries(fields).map(([name, input]) => [name, completeField(input)]));
}

function completeField(input: FieldInput): FieldSelector {
  if (typeof input === 'string') return { selector: input, html: false, multiple: false };
  return {
    selector: input.selector,
    ...(input.attribute !== undefined && { attribute: input.attribute }),
    html: input.html ?? input.extract_html ?? false,
    multiple: input.multiple ?? false,
    ...(input.children !== undefined && { children: completeFields(input.children) }),
  };
}
