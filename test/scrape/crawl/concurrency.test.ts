import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, traces } = withRun();
const N = 8;
const FIELDS = 'item: li\nselectors: { title: a }\n';
const ONE_LEVEL = 'follow:\n  selector: a\n  selectors: { isbn: .isbn }\n';
const FOLLOW = `${ONE_LEVEL}  follow: { selector: a.maker, selectors: { maker: h1 } }\n`;
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

/** Counts how many requests are open at a time, and answers each a turn later. */
function countOpen(delay: () => Promise<unknown> = () => new Promise(setImmediate)) {
  const seen = { open: 0, most: 0 };
  const answer = (response: ServerResponse, body: string, status = 200) => {
    seen.open += 1;
    seen.most = Math.max(seen.most, seen.open);
    void delay().then(() => {
      seen.open -= 1;
      response.writeHead(status, { 'content-type': 'text/html' }).end(body);
    });
  };
  return { seen, answer };
}

/**
 * However busy this machine is, the site answers at once. For pages that wait for others: a site whose answers take
 * longer than they did gets fewer requests at a time, so the others might never come.
 */
function stopTime() {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  onTestFinished(() => clock.mockRestore());
}

const books = (names: readonly (number | string)[]) =>
  `<ul>${names.map((name) => `<li><a href="/book/${name}">${name}</a></li>`).join('')}</ul>`;

/** Books and their makers, which some of them share. */
function serveBooks(answer: (response: ServerResponse, body: string) => void, count: number) {
  for (const n of numbers(count)) {
    site().on(`/book/${n}`, (_, response) =>
      answer(response, `<p class="isbn">i${n}</p><a class="maker" href="/maker/${n % 7}">m</a>`),
    );
    site().on(`/maker/${n % 7}`, (_, response) => answer(response, `<h1>maker ${n % 7}</h1>`));
  }
}

describe('with concurrency', () => {
  it('never more requests are open at the site than that, and as many when there is work', async () => {
    stopTime();
    const { seen, answer } = countOpen();
    const held: (() => void)[] = [];
    site().on('/list', (_, response) => answer(response, books(numbers(60))));
    serveBooks(answer, 60);
    // By then the site has shown that it is well: these are answered when all of them have come.
    for (const n of numbers(60).slice(20, 20 + N))
      site().on(`/book/${n}`, (_, response) => {
        held.push(() => response.writeHead(200).end(`<p class="isbn">i${n}</p>`));
        if (held.length === N) for (const send of held) send();
      });
    await run(`url: "{site}/list"\n${FIELDS}${FOLLOW}concurrency: ${N}\n`);
    expect(staged()).toMatchObject(numbers(60).map((n) => ({ isbn: `i${n}` })));
    expect(held).toHaveLength(N);
    expect(seen.most).toBeLessThanOrEqual(N);
    serveBooks(answer, 60);
    seen.most = 0;
    await run(`url: "{site}/list"\n${FIELDS}${FOLLOW}`);
    expect(seen.most).toBe(1);
  });

  it('many requests at a time cause no warning of a leak', async () => {
    const { answer } = countOpen();
    site().on('/list', (_, response) => answer(response, books(numbers(80))));
    serveBooks(answer, 80);
    const warnings: string[] = [];
    const listen = ({ name, message }: Error) => warnings.push(`${name}: ${message}`);
    process.on('warning', listen);
    try {
      await run(`url: "{site}/list"\n${FIELDS}${FOLLOW}concurrency: 32\n`);
    } finally {
      process.off('warning', listen);
    }
    expect(staged()).toHaveLength(80);
    expect(warnings).toEqual([]);
  });

  it('a crawl requests the pages that it knows, each once, and takes them in order', async () => {
    stopTime();
    const { seen, answer } = countOpen();
    const links = numbers(40).map((n) => `<a href="/p/${n}">${n}</a>`);
    site().on('/site/', (_, response) => answer(response, links.join('')));
    const held: (() => void)[] = [];
    for (const n of numbers(40))
      site().on(`/p/${n}`, (_, response) => {
        const page = `<h1>Page ${n}</h1><a href="/p/${(n % 40) + 1}#top">next</a>`;
        if (n <= 20 || n > 20 + N) return answer(response, page);
        held.push(() => response.writeHead(200, { 'content-type': 'text/html' }).end(page));
        if (held.length === N) for (const send of held) send();
      });
    await run(`url: "{site}/site/"\ncrawl: {}\nselectors: { title: h1 }\nconcurrency: ${N}\n`);
    expect(staged()).toEqual(numbers(40).map((n) => ({ title: `Page ${n}` })));
    expect(held).toHaveLength(N);
    expect(seen.most).toBeLessThanOrEqual(N);
    expect(site().visits).toHaveLength(42);
  });

  it('one slow page keeps no others from arriving, and rows stay in order', async () => {
    stopTime();
    const others = numbers(N).slice(1);
    const arrived = new Set<number>();
    let release = () => {};
    site().html('/list', books(numbers(N)));
    for (const n of numbers(N))
      site().on(`/book/${n}`, (_, response) => {
        const send = () => response.writeHead(200).end(`<p class="isbn">i${n}</p>`);
        // The second page: the first one shows that the site is well.
        if (n === 2) release = send;
        else {
          send();
          arrived.add(n);
        }
        if (arrived.size === others.length) release();
      });
    await run(`url: "{site}/list"\n${FIELDS}${FOLLOW}concurrency: ${N}\n`);
    expect(staged()).toMatchObject(numbers(N).map((n) => ({ isbn: `i${n}` })));
  });

  it('the pages of the next rows are requested while the last ones of a list are awaited', async () => {
    stopTime();
    const { answer } = countOpen();
    serveBooks(answer, 60);
    const waiting: (() => void)[] = [];
    for (const page of numbers(3)) {
      const rows = numbers(20).map((n) => (page - 1) * 20 + n);
      const next = page < 3 ? `<a class="next" href="/list/${page + 1}">next</a>` : '';
      site().on(`/list/${page}`, (_, response) => answer(response, `${books(rows)}${next}`));
    }
    // The last book of each list but the last waits for the second one of the next list.
    for (const n of [20, 40])
      site().on(`/book/${n}`, (_, response) => {
        waiting.push(() => answer(response, `<p class="isbn">i${n}</p>`));
      });
    for (const n of [22, 42])
      site().on(`/book/${n}`, (_, response) => {
        waiting.shift()?.();
        answer(response, `<p class="isbn">i${n}</p>`);
      });
    await run(
      `url: "{site}/list/1"\n${FIELDS}${ONE_LEVEL}pagination: { type: next_button, selector: .next }\nconcurrency: ${N}\n`,
    );
    expect(staged()).toMatchObject(numbers(60).map((n) => ({ isbn: `i${n}` })));
    expect(site().visits).toHaveLength(64);
  });

  it('rows, counts and warnings are those of one request at a time, whatever the order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.constantFrom('next', 'starts', 'urls', 'param', 'numbers', 'known numbers'),
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('', 'dedupe: title\n'),
        fc.constantFrom(
          '',
          ONE_LEVEL,
          FOLLOW,
          `${FOLLOW}dedupe: maker\n`,
          FOLLOW.replace('  selector: a\n', '  selector: a\n  max_pages: 5\n'),
        ),
        fc.integer({ min: 1, max: 3 }),
        async (lists, way, waits, dedupe, follow, limit) => {
          let at = 0;
          const { seen, answer } = countOpen(async () => {
            const turns = waits[at++ % waits.length] ?? 0;
            for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
          });
          serveBooks(answer, 40);
          site().on('/book/3', (_, response) => answer(response, 'gone', 404));
          const last = lists.length;
          site().on('/list', (_, response, url) => {
            const page = Number(url.searchParams.get('page') ?? 1);
            const rows = lists[page - 1];
            if (rows === undefined) return answer(response, 'no more', 404);
            // The second half of the list begins at another start.
            const isLast = page >= last || (way === 'starts' && page === Math.ceil(last / 2));
            const next = isLast ? '' : `<a class="next" href="/list?page=${page + 1}">next</a>`;
            answer(response, `<h1>${page}</h1>${books(rows)}${next}`);
          });
          const template = 'type: page_number, url_template: "{site}/list?page={page}"';
          const pages = {
            next: 'url: "{site}/list"\npagination: { type: next_button, selector: .next }\n',
            starts: `urls: ["{site}/list?page=1", "{site}/list?page=${Math.ceil(last / 2) + 1}", "{site}/list?page=2"]\npagination: { type: next_button, selector: .next }\n`,
            urls: `urls: [${[...numbers(last), 1].map((n) => `"{site}/list?page=${n}"`).join(', ')}]\n`,
            param: 'url: "{site}/list"\npagination: { type: url_param, param_name: page }\n',
            numbers: `url: "{site}/list"\npagination: { ${template} }\n`,
            'known numbers': `url: "{site}/list"\npagination: { ${template}, end_page: ${last} }\n`,
          }[way];
          const own = follow.includes('dedupe') ? '' : dedupe;
          const yaml = `${pages}${FIELDS}${follow}${own}expect: { allow_empty: true }\n`;
          const found = [];
          for (const concurrency of [1, limit * 3]) {
            const stats = new ScrapeStats();
            site().visits.length = 0;
            await run(`${yaml}concurrency: ${concurrency}\n`, {}, stats).catch(
              (error: Error) => error.message,
            );
            const visits = site().visits.map(({ path }) => path);
            found.push({ rows: staged(), state: stats.state(), warnings: stats.warnings() });
            expect(new Set(visits).size, 'no page is fetched twice').toBe(visits.length);
            expect(seen.most).toBeLessThanOrEqual(concurrency);
            const beyond = visits.filter((path) => Number(/page=(\d+)/.exec(path)?.[1] ?? 0) > last + 1);
            expect(beyond.length).toBeLessThan(concurrency);
          }
          expect(found[1]).toEqual(found[0]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('pages that are not needed are cancelled with the run', async () => {
    let cancelled = 0;
    const stop = new AbortController();
    site().html('/list', books(numbers(20)));
    const begun = new Set<number>();
    for (const n of numbers(20))
      site().on(`/book/${n}`, (_, response) => {
        begun.add(n);
        if (n === 1) return void response.writeHead(200).end('<p class="isbn">1</p>');
        response.on('close', () => (cancelled += 1));
        if (begun.size >= 3) stop.abort();
      });
    const running = run(`url: "{site}/list"\n${FIELDS}${FOLLOW}concurrency: 4\n`, { signal: stop.signal });
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
    await expect.poll(() => cancelled).toBe(begun.size - 1);
  });

  it('a page that fails is told when its turn comes', async () => {
    site().html('/list', books(numbers(10)));
    const { answer } = countOpen();
    serveBooks(answer, 10);
    site().on('/book/9', (_, response) => response.writeHead(404).end());
    const yaml = `url: "{site}/list"\n${FIELDS}${FOLLOW.replace('  selector: a\n', '  selector: a\n  on_error: fail\n')}`;
    await expect(run(`${yaml}concurrency: 4\n`)).rejects.toMatchObject({ status: 404 });
    expect(traces.lines.filter((line) => /\/book\/\d+: HTTP 200/.test(line))).toHaveLength(8);
  });

  it('a site that asks for fewer requests gets fewer, and all pages arrive', async () => {
    let open = 0;
    let refused = 0;
    const mosts: number[] = [];
    site().html('/list', books(numbers(60)));
    for (const n of numbers(60))
      site().on(`/book/${n}`, (_, response) => {
        open += 1;
        mosts.push(open);
        const isTooMuch = open > 3;
        setTimeout(() => {
          open -= 1;
          if (isTooMuch) refused += 1;
          if (isTooMuch) response.writeHead(429, { 'retry-after': '0' }).end();
          else response.writeHead(200).end(`<p class="isbn">i${n}</p>`);
        }, 3);
      });
    await run(`url: "{site}/list"\n${FIELDS}${FOLLOW}concurrency: ${N}\n`);
    expect(staged()).toMatchObject(numbers(60).map((n) => ({ isbn: `i${n}` })));
    expect(refused).toBeGreaterThan(0);
    // A busy machine may let all through for a moment; most of the time there are fewer.
    expect(mosts.sort((one, other) => one - other)[mosts.length >> 1]).toBeLessThan(N);
  });

  it('Retry-After of one page holds the others back', async () => {
    const times: number[] = [];
    let told = 0;
    site().html('/list', books(numbers(20)));
    for (const n of numbers(20))
      site().on(`/book/${n}`, (_, response) => {
        times.push(performance.now());
        if (n === 6 && told === 0) {
          told = performance.now();
          return void response.writeHead(503, { 'retry-after': '1' }).end();
        }
        response.writeHead(200).end(`<p class="isbn">i${n}</p>`);
      });
    await run(`url: "{site}/list"\n${FIELDS}${FOLLOW}concurrency: 4\n`);
    // Those that had left before the answer arrived are not held back.
    const later = times.filter((at) => at > told + 500);
    expect(later.length).toBeGreaterThan(3);
    expect(Math.min(...later) - told).toBeGreaterThanOrEqual(990);
    expect(times.filter((at) => at > told && at < told + 500).length).toBeLessThanOrEqual(3);
  });

  it('Crawl-delay is kept: one request at a time, and the log says why', async () => {
    const { seen, answer } = countOpen();
    site().robots = { status: 200, body: 'User-agent: *\nCrawl-delay: 0.1' };
    site().on('/list', (_, response) => answer(response, books(numbers(4))));
    serveBooks(answer, 4);
    await run(`url: "{site}/list"\n${FIELDS}${FOLLOW}concurrency: ${N}\n`);
    expect(seen.most).toBe(1);
    const pages = site().visits.filter(({ path }) => path !== '/robots.txt');
    const gaps = pages.slice(1).map(({ at }, index) => at - (pages[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(99);
    expect(traces.lines.join('\n')).toMatch(
      /robots\.txt of \S+ asks for 0\.1 s between requests, so it gets one request at a time/,
    );
  });

  it('another host than those of the configuration gets one request at a time', async () => {
    const { seen, answer } = countOpen();
    const other = site().url('', 'localhost');
    site().html('/list', books(numbers(12)).replaceAll('href="', `href="${other}`));
    serveBooks(answer, 12);
    await run(`url: "{site}/list"\n${FIELDS}${FOLLOW}concurrency: ${N}\nallow_private_hosts: [localhost]\n`);
    expect(staged()).toMatchObject(numbers(12).map((n) => ({ isbn: `i${n}`, maker: `maker ${n % 7}` })));
    expect(seen.most).toBe(1);
    expect(traces.lines.join('\n')).toContain(
      `localhost:${site().port} is not a host of the configuration's addresses`,
    );
  });
});
