/**
 * Runs rivals in turn, several rounds, so that a noisy moment hits all of them; returns each one's median.
 * @param rivals functions that do the work once and return what was measured
 */
export async function medians(rivals, rounds = 7) {
  const figures = rivals.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, rival] of rivals.entries()) figures[index].push(await rival());
  }
  return figures.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]);
}

/** Milliseconds that `work` takes. */
export async function elapsed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export const round = (value, digits = 2) => Number(value.toFixed(digits));
