import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { getText, select } from '../../../src/scrape/extract/select.ts';
import { suggestFromPage } from '../../../src/scrape/inspector/suggest-selectors.ts';
import type { Page } from '../../../src/scrape/lib/page.ts';

interface Labelled {
  set: string;
  site: string;
  count: number;
}

interface Judged {
  label: Labelled;
  marked: number;
  verdict: string;
  next: string;
}

// A plain module outside the typed program.
const { judgeAll, labelledSet } = await import(
  new URL('../../../bench/proposals/labelled-set.mjs', import.meta.url).href
);
const labelled: Labelled[] = labelledSet();
// What else repeats on a page is the benchmark's to count.
const scraper = {
  loadPage,
  propose: suggestFromPage,
  select,
  textOf: getText,
  choicesOf: (_page: Page) => [],
};

describe('real list pages that a person has labelled', () => {
  it('are many, of many sites, and few of each', () => {
    expect(labelled.length).toBeGreaterThanOrEqual(150);
    const perSite = new Map<string, number>();
    for (const { site } of labelled) perSite.set(site, (perSite.get(site) ?? 0) + 1);
    expect(perSite.size).toBeGreaterThanOrEqual(90);
    expect([...perSite].filter(([, pages]) => pages > 3)).toEqual([]);
  });

  // As far as proposals have come: fewer right is a step back, and more is a higher floor.
  it.each([
    ['dev', { rows: 87, next: 90 }],
    ['holdout', { rows: 73, next: 76 }],
  ])('%s: the minimum of pages with the right rows and next link', (set, floors) => {
    const judged: Judged[] = judgeAll(
      labelled.filter((each) => each.set === set),
      scraper,
    );
    expect(judged.filter(({ label, marked }) => label.count !== marked)).toEqual([]);
    const rows = judged.filter(({ verdict }) => verdict === 'right').length;
    const next = judged.filter((each) => each.next === 'right').length;
    expect(rows).toBeGreaterThanOrEqual(floors.rows);
    expect(next).toBeGreaterThanOrEqual(floors.next);
  });
});
