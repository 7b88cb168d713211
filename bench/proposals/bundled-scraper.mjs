import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** What of src is measured by itself: dist/ exports nothing so deep. */
const SCRAPER = `
  import { suggestFromAny as proposeAny, suggestFromPage as propose } from './src/scrape/inspector/suggest-selectors.ts';
  import { newConfigText } from './src/core/configs/new-config.ts';
  import { parseConfig } from './src/scrape/config/parse-config.ts';
  import { extractRows } from './src/scrape/extract/extract-rows.ts';
  import { readCursor, readLinkHeader, readNextLink } from './src/scrape/pagination/next-link.ts';
  import { createPageNumberUrls, createUrlParamUrls } from './src/scrape/pagination/numbered-pages.ts';
  import { loadPage } from './src/scrape/extract/load-page.ts';
  import { getText as textOf, select } from './src/scrape/extract/select.ts';
  import { findFields } from './src/scrape/suggest/find-fields.ts';
  import { findAllRows } from './src/scrape/suggest/find-rows.ts';
  const choicesOf = (page) =>
    findAllRows(page, 50).filter(({ rows }) => findFields(page, rows).length > 0);
  const readers = {
    none: () => null,
    next_button: (page, { selector }) => readNextLink(page, selector).url,
    cursor: (page, pagination) => readCursor(page, page.url, pagination).url,
    link_header: (page) => readLinkHeader(page).url,
    url_param: (page, pagination) => [...createUrlParamUrls(page.url, { ...pagination, max_pages: 2 })][1],
    page_number: (page, pagination) => [...createPageNumberUrls({ ...pagination, max_pages: 2 })][1],
  };
  const nextAddress = (page, { pagination }) => readers[pagination.type](page, pagination) ?? null;
  export { extractRows, newConfigText, nextAddress, parseConfig, proposeAny };
  export { choicesOf, loadPage, propose, select, textOf };`;
/** Stay where the product has them: they find their own files. */
const OUTSIDE = ['libsql', 'playwright-core'];

/** The part of the scraper that proposes, bundled into `folder` from the sources at `root`. */
export async function bundledScraper(folder, root) {
  const entry = join(root, 'bench-scraper.mjs');
  const { resolve } = createRequire(entry);
  const bundle = await rolldown({
    platform: 'node',
    input: entry,
    // As the product's build: a package's module, not its UMD build, which requires files at run time.
    resolve: { mainFields: ['module', 'main'] },
    // What is loaded when it is first used is looked for from here, not from the folder.
    transform: { define: { 'import.meta.url': JSON.stringify(pathToFileURL(entry).href) } },
    plugins: [
      {
        name: 'bench-scraper',
        resolveId(id) {
          if (OUTSIDE.includes(id)) return { id: pathToFileURL(resolve(id)).href, external: true };
          return id === entry ? id : null;
        },
        load: (id) => (id === entry ? SCRAPER : null),
      },
    ],
    onLog() {},
  });
  const file = join(folder, 'bench-scraper.mjs');
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return import(pathToFileURL(file).href);
}
