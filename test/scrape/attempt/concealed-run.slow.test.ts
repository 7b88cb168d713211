import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { listSavedPages } from '../../../src/core/runs/saved-pages.ts';
import { DAILY, openHome } from '../../core/operations/open-home.ts';
import { echoingSite } from '../inspector/echoing-site.ts';
import { configOf, type RandomText, type Secrets, texts } from '../inspector/prying-texts.ts';

/** As long as each other: how many bytes came says nothing then. */
const ONE: Secrets = { KEY: 'qZjQzJZqjzQZ', TOKEN: 'zqZJjQzqZ' };
const OTHER: Secrets = { KEY: 'VvYyVYvyYvVY', TOKEN: 'YvyVyvYVy' };

/** A home with a job of the person's, in which a client saves texts and runs them. */
async function homeWith({ KEY, TOKEN }: Secrets, port: number) {
  const { workspace, call } = await openHome();
  const { paths } = workspace;
  const coded = encodeURIComponent(KEY);
  writeFileSync(paths.secrets, `CODED='${coded}'\nTOKEN='${TOKEN}'\n`, { mode: 0o600 });
  await call('create_job', { job_id: 'job', config_name: 'books', schedule: DAILY });
  const told = (text: string, runId: string) =>
    text
      .replaceAll(paths.home, 'HOME')
      .replaceAll(runId, 'RUN')
      .replaceAll(/^\S+Z /gm, '')
      // A sum of its addresses, which no face shows.
      .replaceAll(/"extent": "\w+"/g, '')
      .replaceAll(/run \w{10}/g, 'run X');
  return async (random: RandomText) => {
    const stored = configOf({ selectors: { a: { selector: 'b' } }, pages: random.pages }, port);
    await workspace.configs.write('books', stringify(stored));
    const yaml = stringify(configOf(random, port));
    const client = { reviewConfig: () => {} };
    await call('save_config', { config_name: 'books', yaml }, client);
    const { run } = await call('run_job', { job_id: 'job', wait_seconds: 45 });
    const files = runFiles(paths, 'job', run.run_id);
    const read = (file: string) => {
      try {
        return told(readFileSync(file, 'utf8'), run.run_id);
      } catch {
        return null;
      }
    };
    const { status, items, pages, error } = run;
    return {
      ...{ status, items, pages, error: error && { ...error, message: told(error.message, run.run_id) } },
      rows: read(files.items),
      findings: read(files.selectors),
      log: read(files.log),
      kept: listSavedPages(paths, 'job', run.run_id).map(({ url, role }) => ({ url, role })),
      output: read(join(paths.output, 'job.csv')),
    };
  };
}

it('what a run of a client’s text leaves behind depends on no secret of the configuration', {
  timeout: 600_000,
}, async () => {
  const site = await echoingSite();
  const [one, other] = [await homeWith(ONE, site.port), await homeWith(OTHER, site.port)];
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(texts, async (random) => {
      const both = await Promise.all([one, other].map((run) => run(random).catch(ifInvalid)));
      expect(both[0]).toEqual(both[1]);
      if (both[0] === null) return;
      ran += 1;
      expect(both[0]?.rows ?? '').not.toMatch(/[qzj]/i);
    }),
    { numRuns: Number(process.env['CONCEAL_RUNS'] ?? 8), endOnFailure: true },
  );
  expect(ran).toBeGreaterThan(1);
});

/** Not every text is a configuration. */
function ifInvalid(error: unknown): null {
  if (error instanceof QuickscrapeError && error.code === 'invalid_config') return null;
  throw error;
}
