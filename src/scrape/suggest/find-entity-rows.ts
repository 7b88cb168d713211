import { isRecord } from '../../core/lib/json.ts';
import { findEntities } from '../extract/page-entities.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import { type DataField, describeField } from './find-data-lists.ts';

/** What a page says for search engines about several things of one kind, or about the one that it shows. */
export interface EntityRows {
  /** `jsonld:Product $` */
  item: string;
  rows: number;
  fields: DataField[];
}

/** Types of schema.org that people collect, the most telling first. */
const TYPES = [
  'Product',
  'Recipe',
  'JobPosting',
  'Event',
  'NewsArticle',
  'BlogPosting',
  'Article',
  'Book',
  'Movie',
  'Course',
  'Vehicle',
  'Hotel',
  'Restaurant',
  'LocalBusiness',
  'SoftwareApplication',
  'VideoObject',
] as const;
/** With fewer fields, the page itself shows more. */
const MIN_FIELDS = 3;
const MAX_FIELDS = 20;
/** Entities whose names are read. */
const MAX_SAMPLED = 20;

/** Finds the things that a page describes by JSON-LD or microdata, the most of them first. */
export function findEntityRows(page: Page): EntityRows[] {
  const found = TYPES.flatMap((type) => {
    const [best] = (['jsonld', 'microdata'] as const).flatMap((source) => {
      const entities = findEntities(page, source, type).filter((entity) => isRecord(entity));
      const fields = findFields(entities as Record<string, JsonValue>[]);
      return fields.length < MIN_FIELDS
        ? []
        : [{ item: `${source}:${type} $`, rows: entities.length, fields }];
    });
    return best === undefined ? [] : [best];
  });
  return found.sort((one, other) => other.rows - one.rows);
}

/** Values, and those of the objects in them; of a list of objects the first one counts. Named as schema.org names them. */
function findFields(entities: readonly Record<string, JsonValue>[]): DataField[] {
  const fields = new Map<string, DataField>();
  const add = (steps: readonly (string | number)[], value: JsonValue) => {
    const field = fields.size < MAX_FIELDS ? describeField(steps, value) : undefined;
    if (field === undefined || fields.has(field.path)) return;
    const last = String(steps.at(-1));
    const names = new Set([...fields.values()].map(({ name }) => name));
    const name = names.has(last) ? field.name : last;
    if (!names.has(name)) fields.set(field.path, { ...field, name });
  };
  for (const entity of entities.slice(0, MAX_SAMPLED)) {
    for (const [key, value] of Object.entries(entity)) {
      if (key.startsWith('@')) continue;
      const isList = Array.isArray(value) && isRecord(value[0]);
      const inner = isList ? value[0] : value;
      if (!isRecord(inner)) add([key], value);
      else
        for (const [name, part] of Object.entries(inner))
          if (!name.startsWith('@')) add(isList ? [key, 0, name] : [key, name], part as JsonValue);
    }
  }
  return [...fields.values()];
}
