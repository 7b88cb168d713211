import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scheduledHome } from '../scheduled-home.ts';
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
      expect(pages.length).toBeGreaterThan(1_100);
      const home = await scheduledHome(configuration(site.url), {
        schedule: { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' },
        max_retries: 0,
      });
      await home.startScheduler();
      const started = await home.runThat(['running']);
      await home.disableJob();
      const run = await home.runThat(['succeeded', 'failed'], started.runId, 120_000);
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
      expect(rows.every(({ kind }) => typeof kind === 'string' && kind !== '')).toBe(true);
    },
    150_000,
  );
});
