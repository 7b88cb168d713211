import { describe, expect, it } from 'vitest';
import { startDelayMs } from '../../../src/core/schedule/start-delay.ts';

describe('the start of a run after its instant', () => {
  it('is at once without stagger and jitter', () => {
    expect(startDelayMs('prices-k3f9', { stagger: 0, jitter: 0 }, 0.9)).toBe(0);
  });

  it('is the same for a job each time under stagger, and below it', () => {
    const offset = startDelayMs('prices-k3f9', { stagger: 600, jitter: 0 }, 0.1);
    expect(startDelayMs('prices-k3f9', { stagger: 600, jitter: 0 }, 0.8)).toBe(offset);
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThan(600_000);
  });

  it('spreads many jobs over the whole stagger', () => {
    const tenths = new Set(
      Array.from({ length: 200 }, (_, index) =>
        Math.floor(startDelayMs(`job-${index}`, { stagger: 10, jitter: 0 }, 0) / 1000),
      ),
    );
    expect(tenths.size).toBe(10);
  });

  it('follows the random number under jitter', () => {
    expect(startDelayMs('a', { stagger: 0, jitter: 30 }, 0.5)).toBe(15_000);
  });

  it.each([
    // stagger, jitter, random number, from, to (milliseconds)
    [0, 0, 0.5, 0, 0],
    [0, 30, 0, 0, 0],
    [0, 30, 0.999, 29_970, 29_970],
    [60, 0, 0, 0, 59_999],
    [60, 30, 0.5, 15_000, 74_999],
    [60, 30, 0.999, 29_970, 89_970],
  ])('under stagger %d and jitter %d with %d lies from %d to %d ms', (stagger, jitter, random, from, to) => {
    for (const id of ['a', 'prices-k3f9', 'prices-k3fa', 'x'.repeat(64)]) {
      const offset = startDelayMs(id, { stagger, jitter }, random);
      expect(offset).toBeGreaterThanOrEqual(from);
      expect(offset).toBeLessThanOrEqual(to);
    }
  });
});
