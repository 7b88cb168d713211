import { once } from 'node:events';
import { expect, onTestFinished, vi } from 'vitest';
import { it } from './extend.ts';
import { quickscrape, startProgram } from './program.ts';
import { HANG_MS, waitFor } from './wait-for.ts';

function letTimePass(): void {
  const clock = vi.spyOn(performance, 'now');
  onTestFinished(() => clock.mockRestore());
  let now = 0;
  clock.mockImplementation(() => {
    now += HANG_MS;
    return now;
  });
}

it('a test may start a program that fails when it cleans up', ({ home }) => {
  onTestFinished(async () => {
    await quickscrape(['job', 'show', 'gone'], { home });
  });
});

it('a wait in vain names the programs of its test that failed', async ({ home }) => {
  await quickscrape(['job', 'show', 'absent'], { home });
  const other = startProgram(['job', 'lst'], { home });
  await once(other, 'close');
  letTimePass();
  await expect(waitFor('what never comes', () => false)).rejects.toThrow(
    /^waited in vain for what never comes\nquickscrape job show absent ended with 3: error: .*\n.*\nquickscrape job lst ended with 2: error: /,
  );
});

it('and not those of another test in the same process', async () => {
  letTimePass();
  await expect(waitFor('what never comes', () => false)).rejects.toThrow(
    /^waited in vain for what never comes$/,
  );
});

it('a wait ends when what should bring the event about has failed', async () => {
  const cause = Promise.reject(new Error('refused'));
  await expect(waitFor('the event', () => false, cause)).rejects.toThrow('refused');
});
