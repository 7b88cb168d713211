// Says how many proposals are right on the labelled set, and with --verbose which are not.
// --made: on the made pages.
// Usage: node bench/proposals/score.mjs [--verbose] [--made | --set dev|holdout] [--only ID,ID]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundledScraper } from './bundled-scraper.mjs';
import { NEXT_VERDICTS, VERDICTS } from './judge.mjs';
import { countNames, countsOf, judgeAll, labelledSet } from './labelled-set.mjs';
import { judgeMade, MADE, MADE_PARTS, sumMade } from './made/judge-made.mjs';

const { values } = parseArgs({
  options: {
    verbose: { type: 'boolean', short: 'v' },
    made: { type: 'boolean' },
    set: { type: 'string' },
    only: { type: 'string' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
try {
  const scraper = await bundledScraper(folder, fileURLToPath(new URL('../../', import.meta.url)));
  const ids = values.only?.split(',');
  if (values.made)
    scoreMade(MADE.filter(({ id }) => ids?.includes(id) ?? true).map((page) => judgeMade(page, scraper)));
  else scoreReal(ids, scraper);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function scoreReal(ids, scraper) {
  const chosen = labelledSet().filter(
    ({ id, set }) => (values.set ?? set) === set && (ids?.includes(id) ?? true),
  );
  const judged = judgeAll(chosen, scraper);
  if (values.verbose) for (const line of judged.flatMap(faultsOf)) console.log(line);
  for (const set of ['dev', 'holdout'])
    sumUp(
      set,
      judged.filter(({ label }) => label.set === set),
    );
}

function scoreMade(judged) {
  const parts = Object.keys(MADE_PARTS);
  if (values.verbose)
    for (const one of judged) {
      const bad = parts.filter((part) => one[part][0] < one[part][1]);
      const { yaml = '', missing, named, next } = one.shown;
      const [rows] = /^(?:item|table): .*/m.exec(yaml) ?? ['nothing'];
      if (bad.length > 0)
        console.log(
          `${one.id}: ${bad.map((part) => `${part} ${one[part].join(' of ')}`).join(', ')}; proposed ${rows}, next ${next}; missing ${missing.join(', ') || 'no field'}; named ${named.join(', ')}`,
        );
    }
  const shown = (some) =>
    Object.entries(sumMade(some))
      .map(([part, [right, wanted]]) => `${part} ${right} of ${wanted}`)
      .join(' · ');
  for (const kind of new Set(judged.map((one) => one.kind)))
    console.log(`${kind}: ${shown(judged.filter((one) => one.kind === kind))}`);
  console.log(`${judged.length} made pages: ${shown(judged)}`);
}

function faultsOf({ label, verdict, missing, next, shown }) {
  const without = missing.length === 0 ? '' : ` without ${missing.join(' and ')}`;
  const rows = `${label.id}: rows ${verdict}${without}; wanted ${label.count} × ${label.items.join(' or ')}; proposed ${shown.item}`;
  const link = `${label.id}: next link ${next}; wanted ${label.next?.join(' or ') ?? 'none'}; proposed ${shown.next}`;
  return [...(verdict === 'right' ? [] : [rows]), ...(next === 'right' ? [] : [link])];
}

function sumUp(set, judged) {
  if (judged.length === 0) return;
  const shown = (key, verdicts) =>
    Object.entries(countsOf(judged, key, verdicts))
      .map(([verdict, count]) => `${count} ${verdict}`)
      .join(' · ');
  const sites = new Set(judged.map(({ label }) => label.site)).size;
  const leading = judged.filter(({ label }) => label.next !== null);
  const led = leading.filter(({ next }) => next === 'right').length;
  console.log(`${set}: ${judged.length} pages of ${sites} sites`);
  console.log(`  rows: ${shown('verdict', VERDICTS)}`);
  const { all, telling } = countNames(judged);
  console.log(`  names: ${telling} of ${all} say something`);
  console.log(
    `  next link: ${shown('next', NEXT_VERDICTS)}; ${led} right of ${leading.length} pages that have one`,
  );
}
