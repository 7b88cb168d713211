/** Rounds that differ by no more than this are alike: a share of the longest. */
const ALIKE = 0.05;
const FEWEST = 2;

/**
 * Runs rivals in turn, so that a noisy moment hits all of them. It ends early when each has taken as long as the round
 * before: more rounds would show the same.
 * @param rivals each with a name, the most rounds, and `run`, which does the work once and returns its `working` seconds
 * @param onRound called with the round from 1, the rival's name and what it returned
 * @returns all that each rival returned, round after round
 */
export async function runSteadily(rivals, onRound) {
  const returned = rivals.map(() => []);
  const most = Math.max(...rivals.map(({ rounds }) => rounds));
  for (let round = 1; round <= most; round += 1) {
    if (round > FEWEST && returned.every(areAlike)) break;
    for (const [index, { name, rounds, run }] of rivals.entries()) {
      if (round > rounds) continue;
      const result = await run();
      returned[index].push(result);
      onRound(round, name, result);
    }
  }
  return returned;
}

function areAlike(results) {
  const seconds = results.map(({ working }) => working);
  return Math.max(...seconds) - Math.min(...seconds) <= ALIKE * Math.max(...seconds);
}
