import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { lacks } from '../../platform.ts';
import { hostileSite, servePage } from './hostile-site.ts';
import { measuredRun } from './measured-run.ts';

/** About 200 are promised: 143 to 191 were seen on Node 20, 172 to 182 on 26, 183 to 205 on 24. */
const MAX_MB = 220;
/** The protocol's limit for one file. */
const LARGEST = 52_428_800;
const linux = describe.skipIf(lacks('linux'));

/** Near the limit, with an entry at each end; characters that are two bytes each once they are read. */
function large(first: string, last: string): Buffer {
  const entry = (address: string) => `<url><loc>${address}</loc></url>`;
  const [head, foot] = [`<urlset>${entry(first)}`, `${entry(last)}</urlset>`];
  const comment = Buffer.from(`<!--${'ä'.repeat(900_000)}-->`, 'latin1');
  const most = Math.floor((LARGEST - head.length - foot.length) / comment.length);
  return gzipSync(
    Buffer.concat([Buffer.from(head), ...Array<Buffer>(most).fill(comment), Buffer.from(foot)]),
    { level: 1 },
  );
}

linux('sitemaps that want to fill the memory', () => {
  it('are read as they come, up to their limits: large ones, packed, in an old character set, with long addresses', async () => {
    const site = await hostileSite({});
    const long = Array.from({ length: 11_000 }, (_, n) => `${site.url(`/${n}/`)}${'x'.repeat(1_900)}`);
    const type = 'application/xml; charset=iso-8859-1';
    servePage(site, '/large.xml.gz', { body: large(site.url('/a'), site.url('/b')), type });
    servePage(site, '/large', { body: large(site.url('/c'), site.url('/d')), type, coding: 'gzip' });
    servePage(site, '/long.txt', { body: gzipSync(long.join('\n'), { level: 1 }) });
    const named = ['/large.xml.gz', '/large', '/long.txt'].map(
      (path) => `<sitemap><loc>${path}</loc></sitemap>`,
    );
    servePage(site, '/', { body: `<sitemapindex>${named.join('')}</sitemapindex>` });
    for (const path of ['/a', '/b', '/c', '/d']) site.html(path, `<h1>${path}</h1>`);
    servePage(site, `/0/${'x'.repeat(1_900)}`, { body: '', status: 403 });
    const { run, items, log, peakMb } = await measuredRun(
      `sitemap: "${site.url('/')}"\nselectors: { h: h1 }\n`,
    );
    expect(run).toMatchObject({ status: 'failed', error: { kind: 'http' } });
    expect(items).toEqual(['/a', '/b', '/c', '/d'].map((h) => ({ h })));
    expect(log).toMatch(/the rest is left out after 10,?\d{3} pages/);
    expect(peakMb).toBeLessThan(MAX_MB);
  });
});
