import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scheduledHome } from '../scheduled-home.ts';
import { noBrowserHere } from '../scrape/browser/browser-site.ts';
import { withRun } from '../scrape/crawl/with-run.ts';
import { MANUAL_FOLDER, readManualPages, serveFolder } from './postgresql-manual-site.ts';

const installed = existsSync(MANUAL_FOLDER);

function configuration(base: string): string {
  return `
url: "${base}index.html"
item: body
selectors:
  title: .navheader tr:first-child th
  kind: { selector: .navheader + div, attribute: class }
  anchor: { selector: .navheader + div, attribute: id }
pagination:
  type: next_button
  selector: ".navheader a[accesskey=n]"
output:
  format: json
  path: "manual_{date}.json"
`;
}

describe('a scheduled job over the PostgreSQL manual', () => {
  it('is tested in CI', () => {
    // apt-get install postgresql-doc-17; .ci/run does it.
    expect(installed || !process.env['CI']).toBe(true);
  });

  it.skipIf(!installed)(
    'follows its next links through all pages and writes one right row a page',
    async () => {
      const site = await serveFolder(MANUAL_FOLDER);
      const pages = await readManualPages();
      onTestFinished(() => site.close());
      // Next links lead to all that the package holds but the copyright: 1,143 pages of 17.12.
      expect(pages.map(({ file }) => file).sort()).toEqual(
        readdirSync(MANUAL_FOLDER)
          .filter((name) => /(?<!^legalnotice)\.html$/.test(name))
          .sort(),
      );
      const home = await scheduledHome(configuration(site.url), {
        schedule: { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' },
        max_retries: 0,
      });
      await home.startScheduler();
      const started = await home.runThat(['running']);
      await home.disableJob();
      const run = await home.runThat(['succeeded', 'failed'], started.runId);
      expect(run).toMatchObject({
        status: 'succeeded',
        pages: pages.length,
        items: pages.length,
        error: null,
      });
      const rows = JSON.parse(readFileSync(run.outputPath ?? '', 'utf8')) as Record<string, string>[];
      expect(rows.map(({ title }) => title)).toEqual(pages.map(({ title }) => title));
      // A page's anchor is its file's name in capitals, but for the first page.
      const files = rows.map(({ anchor }) => `${anchor?.toLowerCase()}.html`);
      expect(files.slice(1)).toEqual(pages.slice(1).map(({ file }) => file));
      expect(rows.slice(1, 3)).toEqual([
        { title: 'Preface', kind: 'preface', anchor: 'PREFACE' },
        { title: '1. What Is PostgreSQL?', kind: 'sect1', anchor: 'INTRO-WHATIS' },
      ]);
      expect(rows).toContainEqual({ title: 'SELECT', kind: 'refentry', anchor: 'SQL-SELECT' });
      expect(rows.at(-1)).toEqual({ title: 'Index', kind: 'index', anchor: 'BOOKINDEX' });
      expect(rows.every(({ kind }) => typeof kind === 'string' && kind !== '')).toBe(true);
    },
  );
});

/** Tables 8.2 and 8.3 of the manual, which the next link joins. */
const NUMERIC_TYPES = `smallint|2 bytes|-32768 to +32767
integer|4 bytes|-2147483648 to +2147483647
bigint|8 bytes|-9223372036854775808 to +9223372036854775807
decimal|variable|up to 131072 digits before the decimal point; up to 16383 digits after the decimal point
numeric|variable|up to 131072 digits before the decimal point; up to 16383 digits after the decimal point
real|4 bytes|6 decimal digits precision
double precision|8 bytes|15 decimal digits precision
smallserial|2 bytes|1 to 32767
serial|4 bytes|1 to 2147483647
bigserial|8 bytes|1 to 9223372036854775807
money|8 bytes|-92233720368547758.08 to +92233720368547758.07`;

describe.skipIf(!installed)('the tables of numeric types in the PostgreSQL manual', () => {
  const { run, staged } = withRun();
  const backends = ['requests', ...(noBrowserHere === undefined ? ['browser'] : [])];

  it.each(backends)('are exactly those of the manual, with backend: %s', async (backend) => {
    const site = await serveFolder(MANUAL_FOLDER);
    onTestFinished(() => site.close());
    const found = await run(`url: "${site.url}datatype-numeric.html"
item: table.table > tbody > tr
selectors: { name: "td:nth-child(1)", size: "td:nth-child(2)", range: "td:nth-child(4)" }
pagination: { type: next_button, selector: ".navheader a[accesskey=n]", max_pages: 2 }
backend: ${backend}
`);
    const rows = staged().map((row) => Object.values(row as object).join('|'));
    expect(rows).toEqual(NUMERIC_TYPES.split('\n'));
    expect(found).toMatchObject({
      pages: 2,
      items: 11,
      warnings: [],
    });
  });
});
