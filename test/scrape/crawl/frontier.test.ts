import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Frontier, type FrontierPage, type News } from '../../../src/scrape/crawl/frontier.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qs-frontier-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SHAPES = ['list', 'product', 'cal'];
const NEWS: readonly News[] = ['nothing', 'links', 'rows'];

/** What a page brings: addresses, which may be known, rows, and whether it leads to an address of another page. */
interface Brought {
  links: number[];
  rows: number[];
  redirectsTo: number | undefined;
  isFetched: boolean;
}

function add(frontier: Frontier, number: number, parent: number): void {
  const canonical = `shop.example/${number}`;
  if (frontier.knows(canonical)) return;
  const shape = SHAPES[number % SHAPES.length] ?? '';
  frontier.add({ url: `https://${canonical}`, canonical, depth: 1, parent, shape, isWanted: false });
}

/** Fetches the next pages, as a crawl does. */
function visit(frontier: Frontier, pages: readonly Brought[]): FrontierPage[] {
  const visited: FrontierPage[] = [];
  for (const { links, rows, redirectsTo, isFetched } of pages) {
    const page = frontier.next();
    if (page === undefined) break;
    visited.push(page);
    frontier.transaction(() => {
      if (!isFetched) return frontier.settle(page, undefined);
      if (redirectsTo !== undefined) frontier.redirect(page, `shop.example/${redirectsTo}`);
      for (const number of links) add(frontier, number, page.id);
      const isNew = rows.filter((row) => frontier.note('row', String(row), page.id) === 0);
      return frontier.settle(page, NEWS[isNew.length > 0 ? 2 : Number(links.length > 0)] ?? 'nothing');
    });
  }
  return visited;
}

const look = (frontier: Frontier) => ({
  waiting: frontier.waiting,
  fetched: frontier.fetched,
  ahead: frontier.ahead(1_000, 3),
  shapes: SHAPES.map((shape) => frontier.shapeOf(shape)),
  rows: Array.from({ length: 9 }, (_, row) => frontier.note('row', String(row), 1_000_000)),
});

const brought: fc.Arbitrary<Brought> = fc.record({
  links: fc.array(fc.nat(40), { maxLength: 5 }),
  rows: fc.array(fc.nat(8), { maxLength: 3 }),
  redirectsTo: fc.option(fc.nat(40), { nil: undefined, freq: 5 }),
  isFetched: fc.boolean(),
});

it('is after a rewind as it was after that page, whatever came later, also in another process', () => {
  let made = 0;
  fc.assert(
    fc.property(
      fc.array(brought, { minLength: 1, maxLength: 15 }),
      fc.array(brought, { maxLength: 15 }),
      (kept, lost) => {
        made += 1;
        const begin = (file: string | undefined) => {
          const frontier = new Frontier(file);
          for (const number of [0, 1, 2]) add(frontier, number, 0);
          return frontier;
        };
        const reference = begin(undefined);
        const last = visit(reference, kept).at(-1)?.id ?? 0;
        const file = join(folder, `${made}.db`);
        const first = begin(file);
        visit(first, [...kept, ...lost]);
        first.close();
        const again = new Frontier(file);
        again.rewind(last);
        expect(look(again)).toEqual(look(reference));
        again.close();
        reference.close();
      },
    ),
    { numRuns: 40 },
  );
});

it('knows whether a page was fetched, and begins anew with a file that is damaged', () => {
  const file = join(folder, 'crawl.db');
  writeFileSync(file, 'not a database'.repeat(100));
  const frontier = new Frontier(file);
  add(frontier, 1, 0);
  expect(frontier.hasFetched(1)).toBe(false);
  visit(frontier, [{ links: [], rows: [], redirectsTo: undefined, isFetched: true }]);
  expect(frontier.hasFetched(1)).toBe(true);
  frontier.close();
});

it('writes no secret to the disk, and says that it has one', () => {
  const frontier = new Frontier(join(folder, 'crawl.db'), (url) => url.includes('secret'));
  frontier.add({
    url: 'https://shop.example/?key=secret',
    canonical: 'a',
    depth: 0,
    parent: 0,
    shape: 'a',
    isWanted: false,
  });
  expect(frontier.hasSecrets).toBe(true);
  expect(frontier.next()?.url).toBe('https://shop.example/?key=secret');
  expect(frontier.urlOf(1)).toBeUndefined();
  frontier.close();
});
