import * as z from 'zod';
import { VALUE_TYPES, type ValueType } from '../parsers/parse-value.ts';
import { localeInput, regexInput } from './input-types.ts';
import { pageSelector } from './page-selector.ts';

/** `type` of a field: how its text is parsed. */
const valueTypeInput = z
  .enum(VALUE_TYPES)
  .describe('Read the text as this type; a value that cannot be read is null, and counted');

/** One field in the form that the extractor uses. */
export interface FieldSelector {
  /** CSS, XPath after `xpath:`, or JSONPath after `json:` and the like; in a column of a table `:scope` is the cell. */
  selector: string;
  /** In a table: the header of the column in whose cell the selector is. */
  column?: string;
  /** Take this attribute instead of the text. */
  attribute?: string;
  /** Take the inner HTML instead of the text. */
  html: boolean;
  /** Take every match, as an array, instead of the first. */
  multiple: boolean;
  /** Make a relative address absolute. If absent, the attribute decides (`isUrlAttribute` in extract/read-link.ts). */
  absolute?: boolean;
  /** Take the part of the text that this pattern matches. */
  regex?: string;
  /** The type as which the text is parsed. */
  type?: ValueType;
  /** Overrides the configuration's locale. */
  locale?: string;
  /** Whether dates relative to the fetch time are parsed: `3 hours ago`. */
  relative?: boolean;
  /** Fields inside the match: the value is an object (with `multiple`, an array of objects). */
  children?: Record<string, FieldSelector>;
}

/** Facts about the page that a field may hold: its address, or when it was fetched. */
const PAGE_FACTS = ['url', 'fetched_at'] as const;
type PageFact = (typeof PAGE_FACTS)[number];

/** Fields that hold facts about the page, by name. */
export type PageFields = Readonly<Record<string, PageFact>>;

/** The fields of a level that hold facts about its page. */
export interface PageFacts {
  page_fields?: PageFields;
  /** By such a field: the part of the address that it takes. */
  page_patterns?: Readonly<Record<string, string>>;
  /** All fields of the level, in the order in which they are written; present if there are such fields. */
  columns?: string[];
}

/** One field as users write it. */
export type FieldInput = string | FieldObject;

interface FieldObject {
  selector?: string | undefined;
  column?: string | undefined;
  page?: PageFact | undefined;
  attribute?: string | undefined;
  html?: boolean | undefined;
  extract_html?: boolean | undefined;
  multiple?: boolean | undefined;
  absolute?: boolean | undefined;
  regex?: string | undefined;
  type?: ValueType | undefined;
  locale?: string | undefined;
  relative?: boolean | undefined;
  children?: Record<string, FieldInput> | undefined;
}

const fieldObject = z
  .strictObject({
    selector: pageSelector
      .optional()
      .describe('CSS selector, or XPath after xpath:, inside the row (or inside the parent field)'),
    attribute: z.string().min(1).optional().describe('Take this attribute instead of the text'),
    html: z.boolean().optional().describe('Take the inner HTML instead of the text'),
    extract_html: z.boolean().optional().describe('Older name of html'),
    multiple: z.boolean().optional().describe('Take every match, as a list, instead of the first'),
    absolute: z
      .boolean()
      .optional()
      .describe('Make relative addresses absolute; href, src and the like always are'),
    regex: regexInput.optional(),
    type: valueTypeInput.optional(),
    locale: localeInput.optional(),
    relative: z
      .boolean()
      .optional()
      .describe('With type date: also read "3 hours ago" and "yesterday", from the time of fetching'),
    column: z.string().min(1).optional().describe('In a table: the header of the column'),
    page: z
      .enum(PAGE_FACTS)
      .optional()
      .describe(
        'Instead of a selector: the address of the page (or the part of it that regex matches), or when it was fetched',
      ),
    get children(): z.ZodOptional<z.ZodType<Record<string, FieldInput>>> {
      return fieldRecord
        .superRefine((fields, context) => {
          const own = Object.keys(fields).find((name) => isPageField(fields[name]));
          if (own === undefined) return;
          context.addIssue({
            code: 'custom',
            path: [own],
            message: 'a fact about the page can only be a field of the row',
            params: { hint: 'Move the field next to its parent.' },
          });
        })
        .optional()
        .describe('Fields inside the match: the value is an object of them');
    },
  })
  .superRefine((field, context) => {
    const allowed = field.page === 'url' ? ['page', 'regex'] : ['page'];
    const other = Object.entries(field).find(
      ([key, value]) => !allowed.includes(key) && value !== undefined,
    )?.[0];
    if (field.page !== undefined && other !== undefined) {
      context.addIssue({
        code: 'custom',
        path: [other],
        message: `page and ${other} exclude each other`,
        params: {
          hint: 'A field that takes the time has no other keys, and the address of its page may have a regex: {page: url, regex: "([0-9]+)$"}',
        },
      });
      return;
    }
    if (field.page === undefined && field.selector === undefined && field.column === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['selector'],
        message: 'is missing',
        params: {
          hint: 'Say where the value is: selector: "h1", or in a table column: "Price". Or take the address of the page: {page: url}',
        },
      });
      return;
    }
    if (field.relative === true && field.type !== 'date') {
      context.addIssue({
        code: 'custom',
        path: ['relative'],
        message: 'relative says how dates are read, and the field has no type date',
        params: { hint: 'Add type: date, or remove relative.' },
      });
      return;
    }
    const [first, second] = findContradiction(field) ?? [];
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

type Key = keyof FieldObject;

const KIND_KEYS: readonly Key[] = ['attribute', 'html', 'extract_html', 'children'];
/** Keys that apply to a text. HTML allows no type; an object allows none of them. */
const TEXT_KEYS: readonly Key[] = ['type', 'locale', 'absolute'];

function findContradiction(field: FieldObject): readonly Key[] | undefined {
  const given = (keys: readonly Key[]) =>
    keys.filter((key) => field[key] !== undefined && field[key] !== false);
  const [kind, other] = given(KIND_KEYS);
  if (kind === undefined || kind === 'attribute')
    return other === undefined ? undefined : ['attribute', other];
  const [more] = [other, ...given(kind === 'children' ? ['regex', ...TEXT_KEYS] : TEXT_KEYS)].filter(
    (key) => key !== undefined,
  );
  return more === undefined ? undefined : [kind, more];
}

const field: z.ZodType<FieldInput> = z.union([
  pageSelector.describe(
    'Takes the text of a CSS selector, or of an XPath after xpath:; or the value of data by a JSONPath after json:, jsonld:, microdata: or opengraph:',
  ),
  fieldObject,
]);

/** Fields by name; at least one. */
export const fieldRecord: z.ZodType<Record<string, FieldInput>> = z
  .record(z.string(), field)
  .superRefine((fields, context) => {
    const names = Object.keys(fields);
    if (names.length > 0 && names.every((name) => isPageField(fields[name]))) {
      context.addIssue({
        code: 'custom',
        message: 'no field has a selector, so there are no rows',
        params: { hint: 'Add one: title: "h1"' },
      });
    }
    if (names.length === 0) {
      context.addIssue({
        code: 'custom',
        message: 'has no fields',
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

/** Fills in defaults. */
export function completeFields(fields: Record<string, FieldInput>): Record<string, FieldSelector> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, input]) =>
      isPageField(input) ? [] : [[name, completeField(input)]],
    ),
  );
}

/** Returns the fields that hold facts about the page; undefined if there are none. */
function getPageFields(fields: Record<string, FieldInput>): PageFields | undefined {
  const found = Object.entries(fields).flatMap(([name, input]): [string, PageFact][] =>
    typeof input === 'object' && input.page !== undefined ? [[name, input.page]] : [],
  );
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Returns the patterns of fields that take a part of their page's address; undefined if there are none. */
function getPagePatterns(fields: Record<string, FieldInput>): Readonly<Record<string, string>> | undefined {
  const found = Object.entries(fields).flatMap(([name, input]): [string, string][] =>
    typeof input === 'object' && input.page !== undefined && input.regex !== undefined
      ? [[name, input.regex]]
      : [],
  );
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Returns what a level has for its fields that hold facts about the page: nothing if there are none. */
export function completePageFields(fields: Record<string, FieldInput>): PageFacts {
  const page_fields = getPageFields(fields);
  if (page_fields === undefined) return {};
  const page_patterns = getPagePatterns(fields);
  return { page_fields, ...(page_patterns && { page_patterns }), columns: Object.keys(fields) };
}

function isPageField(input: FieldInput | undefined): boolean {
  return typeof input === 'object' && input.page !== undefined;
}

function completeField(input: FieldInput): FieldSelector {
  if (typeof input === 'string') return { selector: input, html: false, multiple: false };
  return {
    selector: input.selector ?? (input.column === undefined ? '' : ':scope'),
    ...(input.column !== undefined && { column: input.column }),
    ...(input.attribute !== undefined && { attribute: input.attribute }),
    html: input.html ?? input.extract_html ?? false,
    multiple: input.multiple ?? false,
    ...(input.absolute !== undefined && { absolute: input.absolute }),
    ...(input.regex !== undefined && { regex: input.regex }),
    ...(input.type !== undefined && { type: input.type }),
    ...(input.locale !== undefined && { locale: input.locale }),
    ...(input.relative !== undefined && { relative: input.relative }),
    ...(input.children !== undefined && { children: completeFields(input.children) }),
  };
}
