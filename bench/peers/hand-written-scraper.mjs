// What bench/scraping.mjs has scraped, as somebody would write it by hand for these pages alone: undici and cheerio with
// its own parser, the same as ours. Usage: books|manual|api URL FILE
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

async function books() {
  for (let url = start; url !== undefined; ) {
    const $ = await pageAt(url);
    for (const pod of $('article.product_pod').toArray()) {
      const within = $(pod);
      const link = new URL(within.find('h3 a').attr('href'), url).href;
      const row = {
        title: within.find('h3 a').attr('title'),
        price: tidy(within.find('.product_price .price_color').text()),
        rating: within.find('p.star-rating').attr('class'),
        availability: tidy(within.find('.availability').text()),
        link,
      };
      const own = await pageAt(link);
      const details = {
        upc: tidy(own('table tr:nth-child(1) td').text()),
        author: tidy(own('p.author').text()),
        category: tidy(own('table tr:nth-child(9) td').text()),
        description: tidy(own('#product_description + p').text()),
      };
      output.write(`${JSON.stringify({ ...row, ...details })}\n`);
    }
    const next = $('ul.pager li.next a').attr('href');
    url = next && new URL(next, url).href;
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

await { books, manual, api }[set]();
await finished(output.end());
process.exit(0);
