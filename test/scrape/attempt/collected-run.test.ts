import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readCollected, saveCollected } from '../../../src/scrape/attempt/collected-run.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { it } from '../../extend.ts';

const OPTIONS = { fields: ['price'], items: true };

function page(url: string, text = url) {
  return {
    url,
    source: { body: Buffer.from(text), contentType: 'text/html', status: 200, fetchedAt: 1_000 },
  };
}

/** Counts of a run with pages that are remembered for different reasons, two of them for the same page. */
function someStats(): ScrapeStats {
  const stats = new ScrapeStats(OPTIONS);
  const first = page('https://shop.example/1');
  Object.assign(stats, { firstUrl: first.url, firstSource: first.source, pages: 3, items: 2, bytes: 999 });
  stats.lastPage = page('https://shop.example/3');
  stats.gaps.set('price', first);
  stats.signs.set('pagination', page('https://shop.example/2'));
  stats.firstDetails.set(1, { ...page('https://shop.example/detail'), role: 'detail' });
  stats.firstDetails.set(2, { ...page('https://shop.example/maker'), role: 'detail', level: 2 });
  stats.sitemap = { entries: 1, pages: 1, files: 1, empty: 0 };
  stats.addWarning('one price is odd');
  return stats;
}

describe('what a worker has collected', () => {
  it('is the same at home: counts, warnings, failure, and each remembered page once', async ({ folder }) => {
    const stats = someStats();
    const failure = { outcome: 'failed' as const, error: { kind: 'http', message: 'HTTP 500' } };
    await saveCollected(folder, stats, failure);
    const read = readCollected(folder);
    expect(read.failure).toEqual(failure);
    const restored = new ScrapeStats(OPTIONS);
    read.restore(restored);
    expect(restored.state()).toEqual(stats.state());
    expect(restored.sitemap).toEqual(stats.sitemap);
    expect(restored.firstSource).toEqual(stats.firstSource);
    expect(restored.gaps).toEqual(stats.gaps);
    expect(restored.signs).toEqual(stats.signs);
    expect(restored.lastPage).toEqual(stats.lastPage);
    expect(restored.listFirstDetails()).toEqual(stats.listFirstDetails());
    expect(JSON.parse(readFileSync(join(folder, 'collected.json'), 'utf8')).pages).toHaveLength(5);
  });

  it('leaves out pages that are too large to be saved, and pages beyond the ninth', async ({ folder }) => {
    const stats = new ScrapeStats(OPTIONS);
    stats.lastPage = page('https://shop.example/big', 'x'.repeat(3_000_000));
    for (let at = 0; at < 20; at += 1) stats.gaps.set(`field-${at}`, page(`https://shop.example/${at}`));
    await saveCollected(folder, stats, null);
    const restored = new ScrapeStats(OPTIONS);
    readCollected(folder).restore(restored);
    expect(restored.lastPage).toBeUndefined();
    expect(restored.gaps.size).toBe(9);
  });

  it('is refused when a worker has made something else of it', async ({ folder }) => {
    await saveCollected(folder, someStats(), null);
    const file = join(folder, 'collected.json');
    const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    for (const changed of [
      { ...content, version: 2 },
      { ...content, stats: { ...(content['stats'] as object), items: 'many' } },
      { ...content, failure: { outcome: 'succeeded', error: null } },
      { ...content, pages: [{ number: 10 }] },
      { ...content, more: 1 },
    ]) {
      writeFileSync(file, JSON.stringify(changed));
      expect(() => readCollected(folder)).toThrow();
    }
    writeFileSync(file, '{');
    expect(() => readCollected(folder)).toThrow();
  });
});
