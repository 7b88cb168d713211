import type { Requirement } from './requirement.ts';

/** What is beyond the promises, of runs. */
export const SCRAPING: readonly Requirement[] = [
  {
    text: 'What a run fetches',
    how: 'Whatever a page, a redirect, a sitemap or a proxy says: private addresses stay refused, sizes have limits, and no secret is shown.',
    proofs: {
      'test/scrape/lib/private-addresses.test.ts': [
        'is refused when a redirect leads to it',
        'of the link-local and metadata kind is refused even when it is named and listed',
      ],
      'test/scrape/sitemap/sitemap.test.ts': [
        'leads nowhere private',
        'of addresses that would fill the memory is read so far and no further',
      ],
      'test/scrape/http/proxy.test.ts': [
        'are refused before the proxy is asked: …',
        'of the proxy itself may not be one that hands out credentials',
      ],
      'test/scrape/config/config-facts.test.ts': [
        'private hosts of a sitemap, a sign-in and a proxy count, too: …',
      ],
      'test/scrape/config/secrets.test.ts': ['is warned about where it stands, and never shown: …'],
      'test/scrape/hostile/hostile-pages.slow.test.ts': ['… are refused or read right as the pages of rows'],
      'test/scrape/hostile/hostile-sitemaps.slow.test.ts': [
        'are read as they come, up to their limits: large ones, packed, in an old character set, with long addresses',
      ],
    },
  },
  {
    text: 'The next attempt',
    how: 'Goes on after the last page that was complete, and begins anew where that cannot be told.',
    proofs: {
      'test/scrape/crawl/resume.test.ts': [
        'whichever page fails, the next attempt goes on there and has the rows of an attempt that was never interrupted',
        'when …',
        'before its output was there leaves the next one nothing but that to do',
        'nothing is noted where an address holds a secret',
        'a run whose process is killed goes on after its last page in the next attempt',
      ],
    },
  },
];
