// The same with Crawlee 3, one request at a time, its queue in memory. Usage: books|manual URL FILE [CHEERIO]
// books@… takes eight pages at a time.
// It parses with htmlparser2, as it does by itself; with CHEERIO, a file to import, with that cheerio's own parser, parse5.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { CheerioCrawler, Configuration, HttpCrawler, log } from '@crawlee/cheerio';

const [asked, start, file, cheerio] = process.argv.slice(2);
const [set, latency] = asked.split('@');
const concurrency = latency === undefined ? 1 : 8;
const load = cheerio === undefined ? undefined : (await import(cheerio)).load;
const output = createWriteStream(file);
const tidy = (text) => text.replaceAll(/\s+/g, ' ').trim() || null;

const handlers = {
  books({ $, request, crawler }) {
    if (request.label === 'book') {
      const details = {
        upc: tidy($('table tr:nth-child(1) td').text()),
        author: tidy($('p.author').text()),
        category: tidy($('table tr:nth-child(9) td').text()),
        description: tidy($('#product_description + p').text()),
      };
      output.write(`${JSON.stringify({ ...request.userData.row, ...details })}\n`);
      return;
    }
    const found = $('article.product_pod')
      .toArray()
      .map((pod) => {
        const within = $(pod);
        const link = new URL(within.find('h3 a').attr('href'), request.loadedUrl).href;
        const row = {
          title: within.find('h3 a').attr('title'),
          price: tidy(within.find('.product_price .price_color').text()),
          rating: within.find('p.star-rating').attr('class'),
          availability: tidy(within.find('.availability').text()),
          link,
        };
        return { url: link, label: 'book', userData: { row } };
      });
    const next = $('ul.pager li.next a').attr('href');
    if (next !== undefined) found.push({ url: new URL(next, request.loadedUrl).href });
    return crawler.addRequests(found);
  },
  manual({ $, request, crawler }) {
    const href = $('a[accesskey=n]').attr('href');
    const next = href === undefined ? null : new URL(href, request.loadedUrl).href;
    const row = {
      title: tidy($('title').first().text()),
      heading: tidy($('h1, h2').first().text()),
      paragraph: tidy($('p').first().text()),
      next,
    };
    output.write(`${JSON.stringify(row)}\n`);
    return next === null ? undefined : crawler.addRequests([next]);
  },
};

log.setLevel(log.LEVELS.ERROR);
const handler = handlers[set];
const Crawler = load === undefined ? CheerioCrawler : HttpCrawler;
const crawler = new Crawler(
  {
    requestHandler:
      load === undefined ? handler : (context) => handler({ ...context, $: load(context.body) }),
    minConcurrency: concurrency,
    maxConcurrency: concurrency,
    // What fails once is a fault of the bench, not to be hidden by a second try.
    maxRequestRetries: 0,
  },
  new Configuration({ persistStorage: false }),
);
await crawler.run([start]);
await finished(output.end());
// It would wait for a second-long timer of its own.
process.exit(0);
