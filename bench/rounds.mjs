/**
 * Runs rivals in turn, several rounds, so that a noisy moment hits all of them.
 * @param rivals functions that do the work once and return what was measured
 * @returns of each the median, with the quarter and the three quarters of its figures: how far the middle half of them spread
 */
export async function spreads(rivals, rounds = 7) {
  return (await inTurn(rivals, rounds)).map(spreadOf);
}

/** All that each rival returned, round after round. */
export async function inTurn(rivals, rounds) {
  const returned = rivals.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, rival] of rivals.entries()) returned[index].push(await rival());
  }
  return returned;
}

/** The median of figures, and between which of them at least the middle half lies. */
export function spreadOf(figures) {
  const all = figures.toSorted((a, b) => a - b);
  const last = all.length - 1;
  const middle = (all[Math.floor(last / 2)] + all[Math.ceil(last / 2)]) / 2;
  return { median: middle, spread: [all[Math.floor(last * 0.25)], all[Math.ceil(last * 0.75)]] };
}

/** A median and its spread, rounded, as a row shows them. */
export function shown({ median, spread }, digits = 0) {
  return { value: round(median, digits), spread: spread.map((figure) => round(figure, digits)) };
}

/** Milliseconds that `work` takes. */
export async function elapsed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export const round = (value, digits = 2) => Number(value.toFixed(digits));
