import { mutation } from './mutation.mjs';

const sitemaps = 'test/scrape/sitemap/sitemap.test.ts';
const parsing = 'test/scrape/sitemap/parse-sitemap.test.ts';
const proxies = 'test/scrape/http/proxy.test.ts';
const resumes = 'test/scrape/crawl/resume.test.ts';
const facts = 'test/scrape/config/config-facts.test.ts';
const checkpoint = 'src/scrape/crawl/checkpoint.ts';
const resume = 'src/scrape/crawl/resume.ts';
const collectFacts = 'src/scrape/config/config-facts.ts';

/** Guards of what a run fetches, by a sitemap or through a proxy too, and of how it goes on after an attempt that died. */
export const SCRAPE_MUTATIONS = [
  mutation(
    'a sitemap leads to no private address',
    [
      'src/scrape/lib/address-policy.ts',
      'return this.#permissions(host).some((known) => known.port === null || known.port === port);',
      'return host !== "";',
    ],
    [sitemaps, 'leads nowhere private'],
  ),
  mutation(
    'a sitemap of another host is not read',
    [
      'src/scrape/sitemap/entry-filter.ts',
      "    if (!anyHost && !this.#isOwn(url)) return this.#leave('otherHost', redactUrl(url));\n",
      '',
    ],
    [sitemaps, 'leads nowhere private'],
  ),
  mutation(
    'a page of another host is not taken from a sitemap',
    [
      'src/scrape/sitemap/entry-filter.ts',
      "    if (!this.#isOwn(url)) return this.#leave('otherHost', redactUrl(url));\n",
      '',
    ],
    [sitemaps, 'lie on the sitemap’s host, and on those that are named'],
  ),
  mutation(
    'a sitemap that is packed has an end',
    ['src/scrape/http/body-stream.ts', '      size += piece.length;\n      if (size', '      if (size'],
    [sitemaps, 'that is none fails the run: %s'],
  ),
  mutation(
    'nothing of a sitemap that does not end is kept',
    [
      'src/scrape/sitemap/sitemap-xml-reader.ts',
      'if (this.#unreported > MAX_PART_CHARACTERS)',
      'if (this.#unreported < 0)',
    ],
    [parsing, 'has something without an end, which is not kept: %s'],
  ),
  mutation(
    'addresses of a sitemap do not fill the memory',
    ['src/scrape/sitemap/sitemap-pages.ts', ' && this.#characters <= MAX_CHARACTERS', ''],
    [sitemaps, 'of addresses that would fill the memory is read so far and no further'],
  ),
  mutation(
    'a sitemap that broke off does not count',
    ['src/scrape/sitemap/sitemap-pages.ts', '      undo();\n', ''],
    [
      sitemaps,
      'that breaks off is read once more from its beginning, and what it said before does not count',
    ],
  ),
  mutation(
    'a private address is not asked of a proxy',
    ['src/scrape/http/proxy-transport.ts', '      await guard.check(target);\n', ''],
    [proxies, 'are refused before the proxy is asked: %s'],
  ),
  mutation(
    'a proxy may be no metadata address',
    [
      'src/scrape/http/proxy-transport.ts',
      'createGuardedConnector(proxyPolicy, timeoutMs, end, trust)',
      'buildConnector({ timeout: proxyPolicy === undefined ? 0 : timeoutMs })',
    ],
    [proxies, 'of the proxy itself may not be one that hands out credentials'],
  ),
  mutation(
    'the proxy of an agent’s configuration is judged',
    [collectFacts, "    ...asTexts(tree['proxy']),\n", ''],
    [facts, 'private hosts of a sitemap, a sign-in and a proxy count, too: %s'],
  ),
  mutation(
    'the sitemap of an agent’s configuration is judged',
    [collectFacts, '    ...sitemap,\n', ''],
    [facts, 'private hosts of a sitemap, a sign-in and a proxy count, too: %s'],
  ),
  mutation(
    'a password in an address is known as a secret',
    ['src/scrape/config/parse-config.ts', ', ...getUrlPasswords(raw) }', ' }'],
    ['test/scrape/config/secrets.test.ts', 'is warned about where it stands, and never shown: %s'],
  ),
  mutation(
    'a quoted line shows no password',
    ['src/cli/render/format-findings.ts', "'*'.repeat(password.length)", 'password'],
    ['test/cli/render/code-frame.test.ts', 'shows no password: %s'],
  ),
  mutation(
    'the checkpoint of another configuration is not taken up',
    [checkpoint, 'if (checkpoint.fingerprint !== fingerprint)', "if (checkpoint.fingerprint === '')"],
    [resumes, 'when %s'],
  ),
  mutation(
    'a checkpoint of yesterday is not taken up',
    [checkpoint, 'Math.abs(now - checkpoint.savedAt) > MAX_CHECKPOINT_AGE_MS', 'now < 0'],
    [resumes, 'when %s'],
  ),
  mutation(
    'a checkpoint whose items are not all there is not taken up',
    [checkpoint, 'if (itemBytes < checkpoint.itemBytes)', 'if (itemBytes < 0)'],
    [resumes, 'when %s'],
  ),
  mutation(
    'what a page that was not completed has left is cut off',
    [
      resume,
      `    await this.#staging.truncate(found.itemBytes);
`,
      '',
    ],
    [
      resumes,
      'whichever page fails, the next attempt goes on there and has the rows of an attempt that was never interrupted',
    ],
  ),
  mutation(
    'all rows are noted before they are written out',
    ['src/scrape/crawl/pipeline.ts', '    await resume?.complete();\n', ''],
    [resumes, 'before its output was there leaves the next one nothing but that to do'],
  ),
  mutation(
    'rows that are not what is expected are not written out by the next attempt',
    [resume, 'if (!isTransientFailure(error)) await this.forget();', ''],
    [resumes, 'with rows that are not what is expected leaves the next one nothing'],
  ),
  mutation(
    'no secret is written into a checkpoint',
    [resume, 'if (redact(text) !== text)', 'if (redact(text) === "")'],
    [resumes, 'nothing is noted where an address holds a secret'],
  ),
];
