import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { openCrawl } from '../../../src/scrape/crawl/crawl.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, traces } = withRun();

const links = (...paths: string[]) => paths.map((path) => `<a href="${path}">to</a>`).join('');
const product = (name: string, more = '') => `<h1 class="name">${name}</h1>${more}`;
const CRAWL = 'url: "{site}/"\nselectors: { name: .name }\n';
const crawl = (rules = '{}') => `${CRAWL}crawl: ${rules}\n`;
const paths = () => site().visits.flatMap(({ path }) => (path === '/robots.txt' ? [] : path));
const names = () => staged().map((row) => (row as { name: string }).name);
const said = () => traces.lines.join('\n');

describe('a crawl', () => {
  it('follows all links breadth first, each once, and takes the rows of every page', async () => {
    site().html('/', links('/a', '/b', '/a#part', '/a?utm_source=x'));
    site().html('/a', product('A', links('/c', '/', 'b')));
    site().html('/b', product('B', '<map><area href="/d"></map><link rel="next" href="/e">'));
    for (const name of ['c', 'd', 'e']) site().html(`/${name}`, product(name.toUpperCase()));
    await run(crawl());
    expect(paths()).toEqual(['/', '/a', '/b', '/c', '/d', '/e']);
    expect(names()).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('chooses links by patterns, and reads rows from some pages only', async () => {
    site().html('/', product('start', links('/list/1', '/product/1', '/login', '/about')));
    site().html('/list/1', product('list', links('/product/2', '/product/3?print=1')));
    for (const n of [1, 2]) site().html(`/product/${n}`, product(`P${n}`, links('/list/1')));
    const { pages } = await run(crawl('{ match: /list/, rows_from: /product/, not: [print=, login] }'));
    expect(paths()).toEqual(['/', '/list/1', '/product/1', '/product/2']);
    expect(names()).toEqual(['P1', 'P2']);
    expect(pages).toBe(4);
    expect(said()).toContain(
      `the crawl left out 2 addresses matched by a pattern of crawl.not (such as ${site().url('/login')})`,
    );
    expect(said()).toContain('the crawl left out 1 address matched by no pattern of crawl.match');
  });

  it('stays on its hosts, and goes to those that it names', async () => {
    const elsewhere = site().url('/far', 'localhost');
    site().html('/', links('/a', elsewhere, 'https://other.example/'));
    site().html('/a', product('A'));
    site().html('/far', product('far', links('/a')));
    await run(crawl());
    expect(paths()).toEqual(['/', '/a']);
    expect(said()).toContain('the crawl left out 2 addresses of other hosts');
    site().visits.length = 0;
    await run(`${crawl('{ hosts: [localhost] }')}allow_private_hosts: [localhost]\n`);
    expect(paths()).toEqual(['/', '/a', '/far', '/a']);
  });

  it('never makes a private host one of its own', async () => {
    site().html('/', product('A', links('http://10.1.2.3/', 'http://127.0.0.1:1/')));
    await run(crawl());
    expect(paths()).toEqual(['/']);
    const { warnings } = await run(crawl('{ hosts: [10.1.2.3] }'));
    expect(warnings).toEqual([expect.stringContaining('an address in a private network')]);
  });

  it('counts depth from the start pages, and ends at max_pages', async () => {
    site().on('/', (_, response) => response.writeHead(302, { location: '/0' }).end());
    site().on('/deep', () => undefined);
    for (let n = 0; n < 50; n++) site().html(`/${n}`, product(`P${n}`, links(`/${n + 1}`)));
    await run(crawl('{ depth: 3 }'));
    expect(names()).toEqual(['P0', 'P1', 'P2', 'P3']);
    expect(said()).toContain('the crawl left out 1 address deeper than crawl.depth');
    const { warnings } = await run(crawl('{ max_pages: 5 }'));
    expect(names()).toEqual(['P0', 'P1', 'P2', 'P3', 'P4']);
    expect(warnings).toEqual([
      'the crawl stopped after 5 pages (crawl.max_pages), when 1 further address was known',
    ]);
    expect(traces.progress.map(({ total_pages }) => total_pages)).toEqual([2, 3, 4, 5, 5]);
  });

  it('follows no link that the site asks robots not to follow, unless robots.txt is ignored', async () => {
    site().html('/', `${links('/a')}<a rel="ugc NoFollow" href="/b">b</a>`);
    site().html('/a', product('A', `<meta name="robots" content="index, nofollow">${links('/c')}`));
    site().html('/b', product('B'));
    site().html('/c', product('C'));
    await run(crawl());
    expect(paths()).toEqual(['/', '/a']);
    await run(`${crawl()}respect_robots: false\n`);
    expect(names()).toEqual(['A', 'B', 'C']);
  });

  it('leaves out files: by their endings unseen, and others by their content type', async () => {
    site().html('/', links('/photo.jpg', '/list.PDF', '/download', '/a'));
    site().html('/download', product('not a page'), { 'content-type': 'application/pdf' });
    site().html('/a', product('A'));
    const { pages } = await run(crawl());
    expect(paths()).toEqual(['/', '/download', '/a']);
    expect(names()).toEqual(['A']);
    expect(pages).toBe(2);
    expect(said()).toContain('the crawl left out 3 addresses leading to a file');
  });

  it('leaves out what robots.txt disallows, without limit, and missing pages up to a limit', async () => {
    site().robots = { status: 200, body: 'User-agent: *\nDisallow: /private/\n' };
    const hidden = Array.from({ length: 9 }, (_, n) => `/private/${n}`);
    site().html('/', product('start', links(...hidden, '/gone', '/a')));
    site().html('/a', product('A'));
    const { warnings } = await run(crawl());
    expect(names()).toEqual(['start', 'A']);
    expect(said()).toContain('the crawl left out 9 addresses disallowed by robots.txt');
    expect(warnings).toEqual([expect.stringMatching(/^1 page of the crawl was left out: .*\/gone \(.*404/)]);
    await expect(run(`${crawl()}on_missing: fail\n`)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining(`a page that ${site().url('/')} links to`),
    });
    site().html('/', links(...Array.from({ length: 9 }, (_, n) => `/gone/${n}`)));
    await expect(run(crawl())).rejects.toThrow('pages of the crawl failed');
  });

  it('leaves out a page that fails in another way, with a warning', async () => {
    site().html('/', product('start', links('/broken', '/circle', '/private', '/a')));
    site().html('/a', product('A'));
    site().on('/broken', (_, response) => response.writeHead(403).end());
    site().on('/circle', (_, response) => response.writeHead(302, { location: '/circle' }).end());
    site().on('/private', (_, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    );
    const { warnings } = await run(crawl());
    expect(names()).toEqual(['start', 'A']);
    expect(warnings).toEqual([expect.stringMatching(/^3 pages of the crawl were left out: .*403/)]);
  });

  it('fails where five pages in a row do, because the site may have gone, and names the page that links to them', async () => {
    const gone = Array.from({ length: 5 }, (_, n) => `/gone/${n}`);
    const there = Array.from({ length: 9 }, (_, n) => `/there/${n}`);
    site().html('/', links(...there, ...gone));
    for (const path of there) site().html(path, product(path));
    for (const path of gone) site().on(path, (_, response) => response.writeHead(500).end());
    await expect(run(crawl())).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining(`a page that ${site().url('/')} links to`),
    });
  });

  it('says what it saw when it found no rows', async () => {
    site().html('/', links('/a', '/login'));
    site().html('/a', '<p>no rows</p>');
    await expect(run(crawl('{ not: login }'))).rejects.toMatchObject({
      kind: 'no_items',
      message: `no items on 2 pages of the crawl (${site().url('/')})`,
      hint: expect.stringMatching(
        /The selectors matched: name 0\. Rows were looked for on 2 pages\. Left out: 1 address matched by a pattern of crawl\.not/,
      ),
    });
    await expect(run(crawl('{ rows_from: /product/ }'))).rejects.toMatchObject({
      hint: expect.stringContaining('crawl.rows_from does not match their addresses, such as http'),
    });
    await expect(run(crawl('{ max_pages: 1 }'))).rejects.toMatchObject({
      hint: expect.stringContaining(
        'It stopped after 1 page (crawl.max_pages), when 2 further addresses were known.',
      ),
    });
  });

  it('follows the links of rows, too', async () => {
    site().html('/', links('/list/1', '/list/2'));
    site().html('/list/1', '<li class="row"><b>1</b><a href="/more/1">more</a></li>');
    site().html('/list/2', '<li class="row"><b>2</b><a href="/more/2">more</a></li>');
    for (const n of [1, 2]) site().html(`/more/${n}`, `<p id="isbn">${n}${n}</p>`);
    await run(
      'url: "{site}/"\nitem: .row\nselectors: { name: b }\nfollow: { selector: a, selectors: { isbn: "#isbn" } }\ncrawl: { match: /list/ }\n',
    );
    expect(staged()).toEqual([
      { name: '1', isbn: '11' },
      { name: '2', isbn: '22' },
    ]);
    expect(paths().toSorted()).toEqual(['/', '/list/1', '/list/2', '/more/1', '/more/2']);
  });

  it('begins at all pages of urls, or of a sitemap', async () => {
    for (const name of ['a', 'b', 'c']) site().html(`/${name}`, product(name, links('/c')));
    await run(`urls: ["{site}/a", "{site}/b", "{site}/gone"]\nselectors: { name: .name }\ncrawl: {}\n`);
    expect(names()).toEqual(['a', 'b', 'c']);
    const map = `<urlset><url><loc>${site().url('/b')}</loc></url></urlset>`;
    site().on('/sitemap.xml', (_, response) => void response.end(map));
    await run(`sitemap: "{site}/sitemap.xml"\nselectors: { name: .name }\ncrawl: {}\n`);
    expect(names()).toEqual(['b', 'c']);
  });

  it('reads first from the pages that have rows, if only a sample is asked for', async () => {
    site().html('/', links('/about', '/jobs', '/product/1', '/product/2'));
    site().html('/product/1', product('P1'));
    site().html('/product/2', product('P2'));
    await run(crawl('{ rows_from: /product/ }'), { maxPages: 3 });
    expect(paths()).toEqual(['/', '/product/1', '/product/2']);
    expect(names()).toEqual(['P1', 'P2']);
  });

  it('lets no pattern match what is concealed, and fetches the address that the site wrote', async () => {
    const conceal = (texts: readonly string[]) => texts.map((text) => text.replaceAll('hush', '$KEY'));
    site().html('/', links('/a?key=hush'));
    site().html('/a?key=hush', product('A', links('/b?key=hush')));
    site().html('/b?key=hush', product('B'));
    await expect(run(crawl('{ match: hush }'), { conceal })).rejects.toMatchObject({ kind: 'no_items' });
    await run(crawl('{ match: key=, not: hush }'), { conceal });
    expect(names()).toEqual(['A', 'B']);
  });

  it('takes a value of a parameter in a pattern as it is', async () => {
    site().html('/', links('/a.b', '/axb'));
    for (const name of ['a.b', 'axb']) site().html(`/${name}`, product(name));
    await run(`params: { part: { default: a.b } }\n${crawl('{ rows_from: "/${params.part}$" }')}`);
    expect(names()).toEqual(['a.b']);
    expect(paths()).toEqual(['/', '/a.b', '/axb']);
  });

  it('says which addresses come next, so that they can be read ahead', async () => {
    const { config } = parseConfig(
      crawl('{ max_pages: 4 }').replace('{site}', 'https://s.example'),
      'x.yaml',
    );
    const request = { config, signal: new AbortController().signal, onProgress() {}, log() {} };
    const opened = openCrawl(request, new ScrapeStats(), undefined);
    const body = Buffer.from(links('/a', '/b', '/c', '/d'));
    const source = { body, contentType: 'text/html', status: 200, fetchedAt: 0 };
    const none = { rows: [], matches: {}, found: {}, warnings: [], unread: [], absent: [] };
    const context = {
      skippedStarts: 0,
      skipStart() {},
      debug() {},
      info() {},
      fetchPage: async (url: string) => ({ page: loadPage(body, 'text/html', url), source, ...none }),
    };
    const ahead: string[] = [];
    for await (const page of opened?.pages(Number.POSITIVE_INFINITY, context) ?? [])
      ahead.push([page.ahead ?? 'none', ...(opened?.ahead(2) ?? [])].map((url) => url.at(-1)).join(''));
    opened?.close();
    expect(ahead).toEqual(['aab', 'bbc', 'cc', 'e']);
  });

  it('remembers the first page with rows, and counts no selector on pages for links', async () => {
    site().html('/', links('/product/1'));
    site().html('/product/1', product('P1'));
    const stats = new ScrapeStats();
    const { matches } = await run(crawl('{ rows_from: /product/ }'), {}, stats);
    expect(stats.firstUrl).toBe(site().url('/product/1'));
    expect(matches).toEqual({ name: 1 });
    expect(stats.pagination.shape()).toMatchObject({ pages: 1, barren: 0 });
  });
});

describe('a page that has several addresses', () => {
  const text = 'one of the many words of a page '.repeat(5);

  it('is fetched once if they differ in a session only', async () => {
    let session = 0;
    site().on('/', (_, response) => {
      session += 1;
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(product('start', links(`/?PHPSESSID=${session}a`, `/a;jsessionid=${session}`)));
    });
    site().on('/a;jsessionid=1', (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(product('A', links('/?PHPSESSID=zz9'))),
    );
    await run(crawl());
    expect(paths()).toEqual(['/', '/a;jsessionid=1']);
  });

  it('is taken once if they lead to it by redirects', async () => {
    site().html('/', product('start', links('/old/1', '/old/2', '/new', '/away')));
    for (const n of [1, 2])
      site().on(`/old/${n}`, (_, response) => response.writeHead(301, { location: '/new' }).end());
    site().on('/away', (_, response) =>
      response.writeHead(302, { location: site().url('/new', 'localhost') }).end(),
    );
    site().html('/new', product('new'));
    await run(`${crawl()}allow_private_hosts: [localhost]\n`);
    expect(names()).toEqual(['start', 'new']);
    expect(said()).toContain('1 address redirected to a page fetched before');
    expect(said()).toContain(`1 address of other hosts (such as ${site().url('/away')})`);
  });

  it('has its rows once if it says so (rel=canonical), and a list that says so wrongly has all of them', async () => {
    const canonical = '<link rel="canonical" href="/list">';
    const row = (name: string) => `<li class="name">${name}</li>`;
    site().html('/', links('/list', '/list?sort=up', '/list?page=2'));
    site().html('/list', `${canonical}${row('a')}${row('b')}`);
    site().html('/list?sort=up', `${canonical}${row('b')}${row('a')}`);
    site().html('/list?page=2', `${canonical}${row('b')}${row('c')}`);
    await run(crawl());
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(said()).toContain('2 addresses with rows of the page that is named');
  });

  it('has its rows once if its text and rows are equal', async () => {
    site().html('/', links('/a', '/b', '/short/1', '/short/2'));
    site().html('/a', product('A', text));
    site().html('/b', product('A', text));
    for (const n of [1, 2]) site().html(`/short/${n}`, product('equal by chance'));
    await run(crawl());
    expect(names()).toEqual(['A', 'equal by chance', 'equal by chance']);
    expect(said()).toContain('1 address with the rows and the text of another page');
  });
});

describe('a trap for crawlers', () => {
  it('such as a calendar is left after pages with nothing new, with a warning', async () => {
    site().on('/cal', (_, response, url) => {
      const month = Number(url.searchParams.get('m'));
      const days = Array.from({ length: 3 }, (__, n) => `/day/${month}/${n}`);
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`month ${month} ${links(`/cal?m=${month + 1}`, `/cal?m=${month - 1}`, ...days)}`);
    });
    for (let month = -60; month < 60; month++)
      for (let day = 0; day < 3; day++)
        site().html(`/day/${month}/${day}`, `day ${day} ${links(`/cal?m=${month}`)}`);
    site().html('/', links('/cal?m=0', '/product/1'));
    for (let n = 1; n <= 30; n++) site().html(`/product/${n}`, product(`P${n}`, links(`/product/${n + 1}`)));
    const { warnings } = await run(crawl('{ patience: 5 }'));
    expect(names().slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, n) => `P${n + 1}`));
    expect(paths().filter((path) => path.startsWith('/cal')).length).toBeLessThan(20);
    expect(paths().filter((path) => path.startsWith('/day')).length).toBeLessThan(40);
    expect(warnings.find((one) => one.includes('/cal?m'))).toMatch(
      /^the crawl left out \d+ addresses such as http.*\/cal\?m=-?\d+: 5 pages in a row like .*\/cal\?m had neither a new row nor a link worth following\. If their pages matter, raise crawl\.patience; if not, name them under crawl\.not$/,
    );
  });

  it('is none if its pages bring rows, however many there are', async () => {
    site().html('/', links(...Array.from({ length: 120 }, (_, n) => `/product/${n}`)));
    for (let n = 0; n < 120; n++) site().html(`/product/${n}`, product(`P${n}`));
    const { items, warnings } = await run(crawl('{ patience: 5 }'));
    expect(items).toBe(120);
    expect(warnings).toEqual([]);
  });

  it('is none if its pages lead to rows, though they have none', async () => {
    site().html('/', links(...Array.from({ length: 30 }, (_, n) => `/list/${n}`)));
    for (let n = 0; n < 30; n++) {
      site().html(`/list/${n}`, links(`/product/${n}`));
      site().html(`/product/${n}`, product(`P${n}`));
    }
    const { items, warnings } = await run(crawl('{ patience: 5, rows_from: /product/ }'));
    expect(items).toBe(30);
    expect(warnings).toEqual([]);
  });

  it('such as paths in circles and long addresses is left out, with a warning for each', async () => {
    site().on('/', (_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(product('start', links('a/b/', `/${'x'.repeat(9_000)}`))),
    );
    for (let n = 1; n < 50; n++) site().html(`${'/a/b'.repeat(n)}/`, product(`level ${n}`, links('a/b/')));
    const { warnings } = await run(crawl());
    expect(names()).toEqual(['start', 'level 1', 'level 2']);
    expect(warnings).toEqual([
      expect.stringMatching(/^the crawl left out 1 address too long to be fetched \(such as /),
      `the crawl left out 1 address with a path that goes in circles (such as ${site().url(`${'/a/b'.repeat(3)}/`)})`,
    ]);
  });

  it('such as one page under ever new addresses is left after some copies', async () => {
    const text = 'one of the many words of a page '.repeat(5);
    const words = Array.from({ length: 100 }, (_, n) =>
      String.fromCharCode(97 + (n % 26)).repeat(1 + n / 26),
    );
    let made = 0;
    for (const word of words)
      site().on(`/${word}`, (_, response) => {
        made += 1;
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(product('same', text + links(`/${words[made]}`)));
      });
    site().html('/', links(`/${words[0]}`));
    const { warnings } = await run(crawl());
    expect(names()).toEqual(['same']);
    expect(made).toBe(21);
    expect(warnings).toEqual([
      expect.stringMatching(/^the crawl left out 1 address named only by copies of a page/),
    ]);
  });
});
