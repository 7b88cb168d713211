// scrape-page.mjs as a process. Usage: URL FILE; says how many rows it has found.
import { scrapePage } from './scrape-page.mjs';

const [url, file] = process.argv.slice(2);
console.log(await scrapePage({ url, file }));
process.exit(0);
