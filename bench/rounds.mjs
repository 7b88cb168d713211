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

export function spreadOf(figures) {
  const all = figures.toSorted((a, b) => a - b);
  // As far from the one end as from the other, also with three figures.
  const outer = Math.floor((all.length - 1) / 4);
  return { median: all[Math.floor(all.length / 2)], spread: [all[outer], all.at(-1 - outer)] };
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
