// One page of peers/small-site.mjs into a file of JSON lines, as somebody would write it by hand: what Bree and BullMQ are
// given to do. As Bree's worker it takes its orders as `workerData`.
import { writeFile } from 'node:fs/promises';
import { workerData } from 'node:worker_threads';
import { load } from 'cheerio';
import { request } from 'undici';

/** @returns how many rows it has found */
export async function scrapePage({ url, file }) {
  const { statusCode, body } = await request(url);
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${url}: HTTP ${statusCode}`);
  const $ = load(text);
  const rows = $('li')
    .toArray()
    .map((li) => ({
      name: $(li).find('a').text(),
      link: new URL($(li).find('a').attr('href'), url).href,
      price: $(li).find('.price').text(),
      stock: $(li).find('i').text(),
    }));
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return rows.length;
}

if (workerData?.url !== undefined) {
  await scrapePage(workerData);
  process.exit(0);
}
