// What bench/scraping.mjs has scraped, as somebody would write it by hand for these pages alone: undici and cheerio with
// its own parser, the same as ours. Usage: books|manual|api URL FILE; books@… takes eight pages at a time.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { load } from 'cheerio';
import { request } from 'undici';

const [set, start, file] = process.argv.slice(2);
const output = createWriteStream(file);
const tidy = (text) => text.replaceAll(/\s+/g, ' ').trim() || null;

async function pageAt(url) {
  const { statusCode, body } = await request(url);
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${url}: HTTP ${statusCode}`);
  return load(text);
}

function rowOf($, pod, url) {
  const within = $(pod);
  return {
    title: within.find('h3 a').attr('title'),
    price: tidy(within.find('.product_price .price_color').text()),
    rating: within.find('p.star-rating').attr('class'),
    availability: tidy(within.find('.availability').text()),
    link: new URL(within.find('h3 a').attr('href'), url).href,
  };
}

function writeBook(row, own) {
  const details = {
    upc: tidy(own('table tr:nth-child(1) td').text()),
    author: tidy(own('p.author').text()),
    category: tidy(own('table tr:nth-child(9) td').text()),
    description: tidy(own('#product_description + p').text()),
  };
  output.write(`${JSON.stringify({ ...row, ...details })}\n`);
}

function nextOf($, url) {
  const next = $('ul.pager li.next a').attr('href');
  return next && new URL(next, url).href;
}

async function books() {
  for (let url = start; url !== undefined; ) {
    const $ = await pageAt(url);
    for (const pod of $('article.product_pod').toArray()) {
      const row = rowOf($, pod, url);
      writeBook(row, await pageAt(row.link));
    }
    url = nextOf($, url);
  }
}

/** Eight pages at a time, in the order in which they are found. */
async function booksTogether() {
  const tasks = [{ url: start }];
  let open = 0;
  await new Promise((resolve, reject) => {
    const more = () => {
      while (open < 8 && tasks.length > 0) {
        open += 1;
        carryOut(tasks.shift()).then(() => {
          open -= 1;
          more();
        }, reject);
      }
      if (open === 0) resolve();
    };
    more();
  });

  async function carryOut({ url, row }) {
    const $ = await pageAt(url);
    if (row !== undefined) return writeBook(row, $);
    const next = nextOf($, url);
    if (next) tasks.push({ url: next });
    for (const pod of $('article.product_pod').toArray()) {
      const found = rowOf($, pod, url);
      tasks.push({ url: found.link, row: found });
    }
  }
}

async function manual() {
  for (let url = start; url !== undefined; ) {
    const $ = await pageAt(url);
    const next = $('a[accesskey=n]').attr('href');
    const following = next && new URL(next, url).href;
    const row = {
      title: tidy($('title').first().text()),
      heading: tidy($('h1, h2').first().text()),
      paragraph: tidy($('p').first().text()),
      next: following ?? null,
    };
    output.write(`${JSON.stringify(row)}\n`);
    url = following;
  }
}

async function api() {
  for (let url = start; url !== undefined; ) {
    const { statusCode, body } = await request(url);
    if (statusCode !== 200) throw new Error(`${url}: HTTP ${statusCode}`);
    const { results, next } = await body.json();
    for (const { id, title, price, category, tags, rating, path } of results) {
      const row = {
        id,
        title: tidy(title),
        price: price.value,
        currency: price.currency,
        category: tidy(category.name),
        tags,
        rating,
        link: new URL(path, url).href,
      };
      output.write(`${JSON.stringify(row)}\n`);
    }
    url = next === null ? undefined : new URL(next, url).href;
  }
}

await (set.includes('@') ? booksTogether : { books, manual, api }[set])();
await finished(output.end());
process.exit(0);
