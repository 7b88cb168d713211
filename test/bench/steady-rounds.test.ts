import { expect, it } from 'vitest';

const { runSteadily } = await import(new URL('../../bench/scraping/steady-rounds.mjs', import.meta.url).href);

/** A rival that takes these seconds, round after round. */
const rival = (name: string, rounds: number, seconds: readonly number[]) => {
  const left = [...seconds];
  return { name, rounds, run: async () => ({ working: left.shift() }) };
};

it('runs rivals in turn, and reports each round', async () => {
  const reported: string[] = [];
  const onRound = (round: number, name: string) => reported.push(`${round} ${name}`);
  const returned = await runSteadily([rival('ours', 3, [1, 2, 1]), rival('slow', 1, [5])], onRound);
  expect(reported).toEqual(['1 ours', '1 slow', '2 ours', '3 ours']);
  expect(returned).toEqual([[{ working: 1 }, { working: 2 }, { working: 1 }], [{ working: 5 }]]);
});

it('ends after two rounds that are alike', async () => {
  const ours = () => rival('ours', 4, [1, 1.04, 3, 3]);
  const count = async (peer: readonly number[]) => {
    const returned = await runSteadily([ours(), rival('peer', 4, peer)], () => undefined);
    return returned.map((all: unknown[]) => all.length);
  };
  expect(await count([2, 2.1, 2, 2])).toEqual([2, 2]);
  expect(await count([2, 2.2, 2, 2])).toEqual([4, 4]);
});
