import { isRecord } from '../../core/lib/json.ts';
import { findEntities } from '../extract/page-entities.ts';
import { getText, select } from '../extract/select.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import { type DataField, describeField } from './find-data-lists.ts';

/** What a page says for search engines about several things of one kind, or about the one that it shows. */
export interface EntityRows {
  /** `jsonld:Product $` */
  item: string;
  rows: number;
  fields: DataField[];
  /** Whether the page is about this one thing: its heading or its title has the thing's name. */
  isSubject: boolean;
}

/** Types of schema.org that people collect, and the ends of such names: `MusicEvent`, `RealEstateListing`. */
const TYPE =
  /(?:Product|Recipe|Posting|Event|Article|Book|Movie|Course|Vehicle|Car|Hotel|Restaurant|LocalBusiness|Store|Application|VideoObject|Listing|Apartment|House|Residence|Dataset|Episode|Series|Album|Recording|Game|Trip)$/;
/** With fewer fields, the page itself shows more. */
const MIN_FIELDS = 3;
const MAX_FIELDS = 20;
/** `jobLocation.address.addressLocality` */
const MAX_STEPS = 3;
/** Entities whose names are read. */
const MAX_SAMPLED = 20;
const MAX_TYPES = 20;
const MAX_VISITED = 5_000;

/** Finds the things that a page describes by JSON-LD or microdata, the most of them first. */
export function findEntityRows(page: Page): EntityRows[] {
  const sources = (['jsonld', 'microdata'] as const).flatMap((source) =>
    findTypes(findEntities(page, source)).map((type) => ({ source, type })),
  );
  const known = new Set<string>();
  const found = sources.flatMap(({ source, type }): EntityRows[] => {
    const entities = findEntities(page, source, type).filter((entity) => isRecord(entity));
    const fields = findFields(entities as Record<string, JsonValue>[]);
    if (fields.length < MIN_FIELDS || known.has(type)) return [];
    known.add(type);
    const [only] = entities;
    const isSubject = entities.length === 1 && isNamedBy(page, only as Record<string, JsonValue>);
    return [{ item: `${source}:${type} $`, rows: entities.length, fields, isSubject }];
  });
  return found.sort((one, other) => other.rows - one.rows || other.fields.length - one.fields.length);
}

/** Returns the types that entities have, without what is around their names. */
function findTypes(entities: readonly JsonValue[]): string[] {
  const types = new Set<string>();
  const left = [...entities].reverse();
  for (let visited = 0; left.length > 0 && visited < MAX_VISITED && types.size < MAX_TYPES; visited += 1) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (isRecord(value))
      for (const type of [value['@type'] ?? []].flat()) {
        const [name = ''] = typeof type === 'string' ? (/\w+$/.exec(type) ?? []) : [];
        if (TYPE.test(name)) types.add(name);
      }
    left.push(...(Object.values(value) as JsonValue[]).reverse());
  }
  return [...types];
}

/** Whether a heading or the title of the page is the name of an entity. */
function isNamedBy(page: Page, entity: Record<string, JsonValue>): boolean {
  const names = ['name', 'headline', 'title'].flatMap((key) => {
    const value = entity[key];
    return typeof value === 'string' && value.trim() !== '' ? [toPlain(value)] : [];
  });
  return select(page, 'h1, title, meta[property="og:title"]').some((element) => {
    const text = toPlain(element.attribs['content'] ?? getText(element));
    return names.some((name) => text === name || text.startsWith(`${name} `));
  });
}

function toPlain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

/** Values, and those of the objects in them; of a list of objects the first one counts. Named as schema.org names them. */
function findFields(entities: readonly Record<string, JsonValue>[]): DataField[] {
  const fields = new Map<string, DataField>();
  const add = (steps: readonly (string | number)[], value: JsonValue) => {
    const field = fields.size < MAX_FIELDS ? describeField(steps, value) : undefined;
    if (field === undefined || fields.has(field.path)) return;
    const names = new Set([...fields.values()].map(({ name }) => name));
    const name = [...toNames(steps), field.name].find((each) => !names.has(each));
    if (name !== undefined) fields.set(field.path, { ...field, name });
  };
  const visit = (entity: Record<string, JsonValue>, steps: readonly (string | number)[]) => {
    for (const [key, value] of Object.entries(entity)) {
      if (key.startsWith('@')) continue;
      const isList = Array.isArray(value) && isRecord(value[0]);
      const inner = isList ? value[0] : value;
      const way = [...steps, key];
      if (!isRecord(inner)) add(way, value);
      else if (way.filter((step) => typeof step === 'string').length < MAX_STEPS)
        visit(inner as Record<string, JsonValue>, isList ? [...way, 0] : way);
    }
  };
  for (const entity of entities.slice(0, MAX_SAMPLED)) visit(entity, []);
  return [...fields.values()];
}

/** The name of a brand is the brand; the price of an offer is the price. */
const OWN_NAME = /^(?:name|value|url|text|contentUrl)$/;

function toNames(steps: readonly (string | number)[]): string[] {
  const names = steps.filter((step) => typeof step === 'string');
  const [last = '', around] = names.toReversed();
  return around !== undefined && OWN_NAME.test(last) ? [around] : [last];
}
