import { round } from './rounds.mjs';

/** What the machine's noise may add to a curve. */
const NOISE = 1.25;

/**
 * How a cost grows from the smallest to the largest of its sizes, against n log n, the most that anything may have.
 *
 * @param name what was measured
 * @param points of each size `n` its cost, in any unit that is larger where it takes more
 * @param what is counted by `n`, such as `jobs`
 */
export function growth(name, points, what = 'jobs') {
  const [least, most] = [points[0], points.at(-1)];
  const grown = most.cost / least.cost;
  const allowed = (most.n * Math.log2(most.n)) / (least.n * Math.log2(least.n));
  const sizes = points.map(({ n }) => n.toLocaleString('en')).join(', ');
  return {
    name: `${name}, growth over ${sizes} ${what}`,
    ours: round(grown, 1),
    unit: 'times',
    peers: [
      { name: `n grows by`, value: round(most.n / least.n, 1) },
      { name: 'n log n grows by', value: round(allowed, 1) },
    ],
    ratio: round(grown / allowed),
    budget: NOISE,
    met: grown <= allowed * NOISE,
  };
}
