import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../temp-folder.ts';

// Plain modules outside the typed program.
const made = await import(new URL('../../../bench/proposals/made/judge-made.mjs', import.meta.url).href);
const { bundledScraper } = await import(
  new URL('../../../bench/proposals/bundled-scraper.mjs', import.meta.url).href
);

describe('pages made after the markup of real programs', () => {
  // As far as proposals have come: fewer right is a step back, and more is a higher floor.
  it('have the minimum of right rows, fields, names, next pages and sources', async () => {
    const root = new URL('../../../', import.meta.url).pathname;
    const scraper = await bundledScraper(tempFolder(), root);
    const judged = made.MADE.map((page: unknown) => made.judgeMade(page, scraper));
    const sums: Record<string, [right: number, wanted: number]> = made.sumMade(judged);
    const wrong = judged.filter(({ rows }: { rows: [right: number, wanted: number] }) => rows[0] === 0);
    // With what was proposed, as only that says why it is another page on another machine.
    expect(
      wrong.map(({ id }: { id: string }) => id),
      JSON.stringify(wrong),
    ).toEqual(['lines-with-rules']);
    expect(sums['fields']?.[0]).toBeGreaterThanOrEqual(215);
    expect(sums['names']?.[0]).toBeGreaterThanOrEqual(214);
    expect(sums['next']).toEqual([52, 52]);
    expect(sums['source']).toEqual([23, 23]);
  });
});
