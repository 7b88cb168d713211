import { describe, expect, it } from 'vitest';

// A plain module outside the typed program.
const { atLeast, atMost, ratioTo } = await import(new URL('../../bench/verdict.mjs', import.meta.url).href);

describe('the verdict of a row', () => {
  it('says what a ratio is to, and rounds it for the eye', () => {
    expect(ratioTo('the bare SDK', 1.23456, 1)).toEqual({ ratio: 1.23, ratioTo: 'the bare SDK' });
    expect(ratioTo('croner', 1, 300)).toEqual({ ratio: 0.00333, ratioTo: 'croner' });
  });

  it('is held against what was measured, not against what is shown', () => {
    expect(ratioTo('node', 2.5004, 1).ratio).toBe(2.5);
    expect(atMost(2.5004, 2.5, { why: 'it loads' })).toMatchObject({ met: false, missedBy: 0.00016 });
    expect(atLeast(0.7999, 0.8, { why: 'it looks' })).toMatchObject({ met: false, missedBy: 0.000125 });
  });

  it('is met at the budget itself, and says nothing of a miss then', () => {
    const why = 'it loads';
    expect(atMost(2, 2, { why })).toEqual({ budget: 2, budgetIs: 'at most', met: true, why });
    expect(atLeast(2, 2, { why })).toEqual({ budget: 2, budgetIs: 'at least', met: true, why });
  });

  it('says the unit of a budget that is one of the figure itself', () => {
    const found = atMost(25, 20, { unit: 'ms', why: 'it reads' });
    expect(found).toEqual({
      budget: 20,
      budgetUnit: 'ms',
      budgetIs: 'at most',
      met: false,
      missedBy: 0.25,
      why: 'it reads',
    });
  });

  it('has no share of a budget of nothing', () => {
    expect(atMost(3, 0, { unit: 'clears', why: 'it clears' })).not.toHaveProperty('missedBy');
  });
});
