import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledScraper } from './proposals/bundled-scraper.mjs';
import { NEXT_VERDICTS, VERDICTS } from './proposals/judge.mjs';
import { countNames, countsOf, judgeAll, labelledSet } from './proposals/labelled-set.mjs';
import { judgeMade, MADE, MADE_PARTS, sumMade } from './proposals/made/judge-made.mjs';
import { atLeast, ratioTo } from './verdict.mjs';

const SETS = { dev: 'looked at', holdout: 'held back' };
/** 140 of 185 pages are what was asked for, and 85 of 100 next links. */
const RIGHT_ROWS = 140 / 185;
const RIGHT_LINKS = 0.85;
/** As far as proposals have come on them: fewer is a step back. */
const MADE_RIGHT = 0.95;
/** Before, 225 of 1,181 names said nothing. */
const TELLING_NAMES = 0.87;
const WHY_NAMES = 'A page that calls nothing by a name leaves none.';
const WHY_MADE = 'node bench/proposals/score.mjs --made --verbose names each fault.';
const WHY_ROWS =
  'Some pages hold several lists, or rows that only a person tells from what is around them; node bench/proposals/score.mjs --verbose names each.';
const WHY_LINKS =
  'A link to the next page can be a picture, a number or a word of any language; node bench/proposals/score.mjs --verbose names each.';

/** What the wizard proposes, held against what a person has marked on real list pages. */
export async function proposals({ isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  try {
    const scraper = await bundledScraper(folder, fileURLToPath(new URL('../', import.meta.url)));
    const all = labelledSet();
    const real = Object.keys(SETS).flatMap((set) => {
      const pages = all.filter((label) => label.set === set);
      return rowsOf(set, judgeAll(isSmoke ? pages.slice(0, 3) : pages, scraper));
    });
    const made = isSmoke ? MADE.filter((_, at) => at % 10 === 0) : MADE;
    return [...real, ...rowsOfMade(made.map((page) => judgeMade(page, scraper)))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(set, judged) {
  const row = (what, key, verdicts, budget, why) => {
    const { right, ...others } = countsOf(judged, key, verdicts);
    return {
      name: `${what} proposed right, pages ${SETS[set]}`,
      ours: right,
      unit: 'pages',
      peers: [
        { name: 'all pages', value: judged.length },
        ...Object.entries(others).map(([name, value]) => ({ name, value })),
      ],
      ...ratioTo('all pages', right, judged.length),
      ...atLeast(right / judged.length, budget, { from: 'own', why }),
    };
  };
  const { all, telling } = countNames(judged);
  return [
    row('rows', 'verdict', VERDICTS, RIGHT_ROWS, WHY_ROWS),
    row('next link', 'next', NEXT_VERDICTS, RIGHT_LINKS, WHY_LINKS),
    {
      name: `names of fields that say something, pages ${SETS[set]}`,
      ours: telling,
      unit: 'fields',
      peers: [{ name: 'all fields', value: all }],
      ...ratioTo('all fields', telling, all),
      ...atLeast(telling / all, TELLING_NAMES, { from: 'own', why: WHY_NAMES }),
    },
  ];
}

/** What is right of each part, over all pages, and beside it of each kind of pages. */
function rowsOfMade(judged) {
  const kinds = [...new Set(judged.map(({ kind }) => kind))];
  const sums = sumMade(judged);
  return Object.entries(MADE_PARTS).map(([part, unit]) => {
    const [right, wanted] = sums[part];
    const ofKinds = kinds.map((kind) => {
      const [some, all] = sumMade(judged.filter((one) => one.kind === kind))[part];
      return { name: `${kind}, of ${all}`, value: some };
    });
    return {
      name: `${part} proposed right, pages made after real ones`,
      ours: right,
      unit,
      peers: [{ name: 'all', value: wanted }, ...ofKinds],
      ...ratioTo('all', right, wanted),
      ...atLeast(right / wanted, MADE_RIGHT, { from: 'own', why: WHY_MADE }),
    };
  });
}
