import { DATA } from './data.mjs';
import { DOCUMENTS } from './documents.mjs';
import { LISTS } from './lists.mjs';

/**
 * Pages that the benchmark makes after the public markup of real programs, each with what is wanted of it: the number of
 * `rows`, `fields` (the `values` of each row, and `names` that say what they are), the address of the `next` page, and
 * where only some kinds of rows will do, their `sources`.
 */
export const MADE = [...LISTS, ...DOCUMENTS, ...DATA].map((made) => ({
  url: 'http://made.example/list',
  type: 'text/html; charset=utf-8',
  ...made,
}));

/** How much of what is wanted a configuration has to take in a field. */
const ENOUGH = 0.9;

/**
 * Reads a made page by the configuration that is proposed for it, and holds what comes out against what is wanted.
 * @returns each as the number that is right and the number that is wanted: `rows`, `fields`, `names`, `next`, `source`
 */
export function judgeMade({ body, type, url, link, want, id, kind }, scraper) {
  const load = (embedded) => ({
    ...scraper.loadPage(Buffer.from(body), type, url, { scripted: true, embedded }),
    ...(link !== undefined && { linkHeader: link }),
  });
  const shown = scraper.proposeAny(load());
  const taken = shown?.item == null ? undefined : take(shown, url, load, scraper);
  const fields = Object.values(want.fields).map((wanted) => findField(wanted, taken?.rows ?? [], url));
  const found = fields.filter((name) => name !== undefined);
  const named = Object.values(want.fields).filter(({ names }, at) => names.includes(fields[at]));
  const areRight = taken?.rows.length === want.rows && found.length > 0;
  const next = taken?.next ?? null;
  const wantedNext = want.next === null ? null : new URL(want.next, url).href;
  return {
    id,
    kind,
    rows: [areRight ? 1 : 0, 1],
    fields: [areRight ? found.length : 0, fields.length],
    names: [areRight ? named.length : 0, fields.length],
    next: [next === wantedNext ? 1 : 0, 1],
    source:
      want.sources === undefined ? [0, 0] : [areRight && want.sources.includes(taken.source) ? 1 : 0, 1],
    shown: {
      yaml: taken?.yaml,
      rows: taken?.rows.length,
      next,
      missing: Object.keys(want.fields).filter((_, at) => fields[at] === undefined),
      named: fields,
    },
  };
}

function take(shown, url, load, scraper) {
  const yaml = scraper.newConfigText(url, 'made', shown, { format: 'jsonl' });
  const { config } = scraper.parseConfig(yaml, 'made', {});
  const page = load(config.embedded);
  const { rows } = scraper.extractRows(page, config);
  const source =
    config.table !== undefined
      ? 'table'
      : (/^(json|jsonld|microdata):/.exec(config.item ?? '')?.[1] ?? 'html');
  return { yaml, rows, source, next: scraper.nextAddress(page, config) };
}

/** The name of the field that holds what is wanted of each row; one that is called so, if several do. */
function findField({ names, values }, rows, url) {
  const columns = Object.keys(rows[0] ?? {});
  const right = columns.filter((column) => {
    const hits = values.filter((wanted, at) =>
      [wanted].flat().some((one) => isSame(rows[at]?.[column], one, url)),
    );
    return hits.length >= values.length * ENOUGH;
  });
  return right.find((column) => names.includes(column)) ?? right[0];
}

function isSame(value, wanted, url) {
  const text = plain(value);
  if (text === '' || text === 'null') return false;
  if (text === wanted || isSameAddress(text, wanted, url)) return true;
  // A price: amount and currency.
  if (typeof value?.amount === 'number') return value.amount === Number(wanted.replaceAll(/[^\d.]/g, ''));
  if (typeof value === 'number') return value === Number(wanted.replaceAll(/[^\d.]/g, ''));
  // A date as an instant, and a text with a little around it.
  return text.startsWith(`${wanted}T`) || (text.includes(wanted) && text.length <= wanted.length * 1.25 + 4);
}

function plain(value) {
  return (typeof value === 'object' ? JSON.stringify(value) : String(value ?? ''))
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function isSameAddress(text, wanted, url) {
  if (!/^\S+$/.test(wanted)) return false;
  // URL.canParse refuses addresses in Node 20 once V8 has optimized its caller (src/core/lib/can-parse-url.ts).
  try {
    return new URL(text, url).href === new URL(wanted, url).href;
  } catch {
    return false;
  }
}

/** What each made page is judged by. */
export const MADE_PARTS = {
  rows: 'pages',
  fields: 'fields',
  names: 'fields',
  next: 'pages',
  source: 'pages',
};

/** The sums of each part over all pages, or over those of a kind. */
export function sumMade(judged) {
  return Object.fromEntries(
    Object.keys(MADE_PARTS).map((part) => [
      part,
      [0, 1].map((at) => judged.reduce((sum, one) => sum + one[part][at], 0)),
    ]),
  );
}
