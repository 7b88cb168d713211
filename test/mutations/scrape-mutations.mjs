import { mutation } from './mutation.mjs';

const sitemaps = 'test/scrape/sitemap/sitemap.test.ts';
const parsing = 'test/scrape/sitemap/parse-sitemap.test.ts';
const proxies = 'test/scrape/http/proxy.test.ts';
const money = 'test/scrape/output/money-cells.test.ts';
const resumes = 'test/scrape/crawl/resume.test.ts';
const crawls = 'test/scrape/crawl/crawl.test.ts';
const facts = 'test/scrape/config/config-facts.test.ts';

/** Fetching, also by a sitemap or through a proxy, and resuming after an attempt that died. */
export const SCRAPE_MUTATIONS = [
  mutation(
    'a selector of another name is only proposed if its values look as they did',
    ['repairOne', 'if (!isSimilar && known === 0) continue;', ''],
    ['test/scrape/inspector/suggest-repairs.test.ts', 'nothing is proposed where nothing is near'],
  ),
  mutation(
    'a sitemap leads to no private address',
    [
      'AddressPolicy.#mayBePrivate',
      'return this.#mayMachineReach(host, port) && includesPort(this.#permissions(host), port);',
      'return host !== "";',
    ],
    [sitemaps, 'leads nowhere private'],
  ),
  mutation(
    'a sitemap of another host is not read',
    [
      'EntryFilter.sitemap',
      "if (!anyHost && !this.#isOwn(url)) return this.#leave('otherHost', redactUrl(url));",
      '',
    ],
    [sitemaps, 'leads nowhere private'],
  ),
  mutation(
    'a page of another host is not taken from a sitemap',
    ['EntryFilter.page', "if (!this.#isOwn(url)) return this.#leave('otherHost', redactUrl(url));", ''],
    [sitemaps, 'are on the sitemap’s host, and on the named hosts'],
  ),
  mutation(
    'a sitemap that is packed has an end',
    ['unpack', 'size += piece.length;', ''],
    [sitemaps, 'that is invalid fails the run: %s'],
  ),
  mutation(
    'nothing of a sitemap that does not end is kept',
    ['SitemapXmlReader.write', 'if (this.#unreported > MAX_PART_CHARACTERS)', 'if (this.#unreported < 0)'],
    [parsing, 'has something without an end, which is not kept: %s'],
  ),
  mutation(
    'addresses of a sitemap do not fill the memory',
    ['SitemapReader.#take', '&& this.#characters <= MAX_CHARACTERS', ''],
    [sitemaps, 'of addresses that would fill the memory is read so far and no further'],
  ),
  mutation(
    'a sitemap that broke off does not count',
    ['SitemapReader.#read', 'undo();', ''],
    [sitemaps, 'that breaks off is read again from its beginning, and its first entries do not count'],
  ),
  mutation(
    'a private address is not asked of a proxy',
    ['createProxyTransport', 'await guard.check(target);', ''],
    [proxies, 'are refused before the proxy is asked: %s'],
  ),
  mutation(
    'a proxy may be no metadata address',
    [
      'proxyConnector',
      'createGuardedConnector(proxyPolicy, timeoutMs, end, trust)',
      'buildConnector({ timeout: proxyPolicy === undefined ? 0 : timeoutMs })',
    ],
    [proxies, 'of the proxy itself may not be one that hands out credentials'],
  ),
  mutation(
    'the proxy of an agent’s configuration is reviewed',
    ['collectUrls', "...asTexts(tree['proxy']),", ''],
    [facts, 'private hosts of a sitemap, a sign-in and a proxy count, too: %s'],
  ),
  mutation(
    'the sitemap of an agent’s configuration is reviewed',
    ['collectUrls', '...sitemap,', ''],
    [facts, 'private hosts of a sitemap, a sign-in and a proxy count, too: %s'],
  ),
  mutation(
    'a password in an address is known as a secret',
    ['createConfigRedactors', 'secrets = { ...used, ...passwords, ...written }', 'secrets = { ...used }'],
    ['test/scrape/config/secrets.test.ts', 'is warned about where it stands, and never shown: %s'],
  ),
  mutation(
    'a quoted line shows no password',
    ['codeFrame', "'*'.repeat(password.length)", 'password'],
    ['test/cli/render/code-frame.test.ts', 'shows no password: %s'],
  ),
  mutation(
    'the checkpoint of another configuration is not resumed',
    ['readCheckpoint', 'if (checkpoint.fingerprint !== fingerprint)', "if (checkpoint.fingerprint === '')"],
    [resumes, 'when %s'],
  ),
  mutation(
    'a checkpoint of yesterday is not resumed',
    ['readCheckpoint', 'Math.abs(now - checkpoint.savedAt) > MAX_CHECKPOINT_AGE_MS', 'now < 0'],
    [resumes, 'when %s'],
  ),
  mutation(
    'a checkpoint with missing items is not resumed',
    ['readCheckpoint', 'if (itemBytes < checkpoint.itemBytes)', 'if (itemBytes < 0)'],
    [resumes, 'when %s'],
  ),
  mutation(
    'rows of an incomplete page are cut off',
    ['Resume.begin', 'await this.#staging.truncate(found.itemBytes);', ''],
    [
      resumes,
      'whichever page fails, the next attempt goes on there and has the rows of an attempt that was never interrupted',
    ],
  ),
  mutation(
    'all rows are noted before they are written out',
    ['collectRows', 'await resume?.complete();', ''],
    [resumes, 'before its output was there leaves the next one nothing but that to do'],
  ),
  mutation(
    'unexpected rows are not written out by the next attempt',
    ['endOfCheckpoint', 'if (!isTransientFailure(error)) await store.forget();', ''],
    [resumes, 'with unexpected rows leaves the next one nothing'],
  ),
  mutation(
    'no secret is written into a checkpoint',
    ['Resume.#write', 'if (this.isSecret(text))', 'if (text === "")'],
    [resumes, 'nothing is noted where an address holds a secret'],
  ),
  mutation(
    'a crawl stays on its hosts',
    ['LinkRules.refusal', "if (!this.isOwnHost(url)) return 'other_host';", ''],
    [crawls, 'never makes a private host one of its own'],
  ),
  mutation(
    'a crawl leaves a calendar',
    ['Crawl.#next', 'idle >= this.#config.crawl.patience', 'idle < 0'],
    [crawls, 'such as a calendar is left after pages with nothing new, with a warning'],
  ),
  mutation(
    'no secret is written into the addresses of a crawl',
    ['Frontier.add', 'secret ? null : url', 'url'],
    ['test/scrape/crawl/frontier.test.ts', 'writes no secret to the disk, and says that it has one'],
  ),
  mutation(
    'a number without a currency stays a text in a workbook',
    ['toMoneyCell', "around === '' || ", ''],
    [money, 'is not "%s": %s'],
  ),
  mutation(
    'a workbook shows the text of an amount that has no groups',
    ['toMoneyCell', 'mark !== undefined || ', 'true || '],
    [money, 'becomes its number, in a format that shows the text, for any currency, digits and separators'],
  ),
];
