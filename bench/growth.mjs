import { round } from './rounds.mjs';
import { atMost, ratioTo } from './verdict.mjs';

/** What the machine's noise may add to a curve. */
const NOISE = 1.25;

/**
 * How a cost grows with its sizes, against n log n, the most that anything may have: from each size to every larger one, so
 * that neither a bulge in the middle nor a slow start hides what comes after it. The row's figures are those of the worst two.
 *
 * @param name what was measured
 * @param points of each size `n`, the smallest first, its cost, in any unit that is larger where it takes more
 * @param what is counted by `n`, such as `jobs`
 * @param unit of the costs
 */
export function growth(name, points, what = 'jobs', unit = 'ms') {
  const [worst] = points
    .flatMap((least, index) => points.slice(index + 1).map((most) => step(least, most)))
    .toSorted((a, b) => b.grown / b.allowed - a.grown / a.allowed);
  const { least, most, grown, allowed } = worst;
  const between = `from ${said(least.n)} to ${said(most.n)}`;
  const ratio = grown / allowed;
  return {
    name: called(
      name,
      points.map(({ n }) => n),
      what,
    ),
    ours: round(grown),
    unit: 'times',
    peers: [
      ...points.map(({ n, cost }) => ({ name: `${said(n)} ${what}`, value: figure(cost), unit })),
      { name: `n log n grows ${between} by`, value: round(allowed, 1), unit: 'times' },
    ],
    ...ratioTo('n log n', grown, allowed),
    ...atMost(ratio, NOISE, {
      from: 'own',
      why: `Anything worse than n log n is a bug, and ${between} ${what} it is. What noise may add is in the budget.`,
    }),
  };
}

function called(name, sizes, what) {
  return `${name}, growth over ${sizes.map(said).join(', ')} ${what}`;
}

function step(least, most) {
  const allowed = (most.n * Math.log2(most.n)) / (least.n * Math.log2(least.n));
  return { least, most, grown: most.cost / least.cost, allowed };
}

const said = (n) => (typeof n === 'number' ? n.toLocaleString('en') : n);
const figure = (cost) => Number(cost.toPrecision(3));
