import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { judge } from './judge.mjs';

/** As proposals read pages: with `<noscript>` as text. */
const READ = { scripted: true };

/**
 * The labelled set: list pages with what a person has marked on each (judge.mjs), made by reduce.mjs.
 * @returns `{ id, set, site, kind, language, url, source, items, count, title, link, next, html }` of each; `set` is `dev` of
 *   the pages that proposals are made better with, and `holdout` of those that nobody looks at for that
 */
export function labelledSet() {
  const pages = new Map(
    linesOf(brotliDecompressSync(readFileSync(fileOf('pages.jsonl.br')))).map(({ id, html }) => [id, html]),
  );
  return linesOf(readFileSync(fileOf('labels.jsonl'))).map((label) => ({
    ...label,
    html: pages.get(label.id),
  }));
}

/** What {@link judge} says of each page. */
export function judgeAll(labelled, scraper) {
  return labelled.map(({ html, ...label }) => {
    const page = scraper.loadPage(Buffer.from(html), 'text/html; charset=utf-8', label.url, READ);
    return { label, ...judge(page, label, scraper) };
  });
}

/** How many of each verdict there are. */
export function countsOf(judged, key, verdicts) {
  return Object.fromEntries(
    verdicts.map((verdict) => [verdict, judged.filter((each) => each[key] === verdict).length]),
  );
}

/** A name that only says of what kind a value is, or that another field has it too. */
const NAMELESS = /^(?:(?:text|description|link|image|date|number|title)_\d+|text)$/;

/** How many names of fields are proposed, and how many say something: all but `text` and `link_2`. */
export function countNames(judged) {
  const names = judged.flatMap(({ shown }) => shown.names);
  return { all: names.length, telling: names.filter((name) => !NAMELESS.test(name)).length };
}

function linesOf(bytes) {
  return bytes
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function fileOf(name) {
  return new URL(name, import.meta.url);
}
