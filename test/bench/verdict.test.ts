import { describe, expect, it } from 'vitest';

// A plain module outside the typed program.
const { atLeast, atMost, notMeasured, ratioTo } = await import(
  new URL('../../bench/verdict.mjs', import.meta.url).href
);

describe('the verdict of a row', () => {
  it('says what a ratio is to, and rounds it for the eye', () => {
    expect(ratioTo('the bare SDK', 1.23456, 1)).toEqual({ ratio: 1.23, ratioTo: 'the bare SDK' });
    expect(ratioTo('croner', 1, 300)).toEqual({ ratio: 0.00333, ratioTo: 'croner' });
  });

  it('is compared with the measured value, not with the rounded one', () => {
    expect(ratioTo('node', 2.5004, 1).ratio).toBe(2.5);
    expect(atMost(2.5004, 2.5, { why: 'it loads' })).toMatchObject({ met: false, missedBy: 0.00016 });
    expect(atLeast(0.7999, 0.8, { why: 'it looks' })).toMatchObject({ met: false, missedBy: 0.000125 });
  });

  it('is met at the budget itself, and says nothing of a miss then', () => {
    const why = 'it loads';
    const met = { budget: 2, budgetFrom: 'design', met: true, why };
    expect(atMost(2, 2, { why })).toEqual({ ...met, budgetIs: 'at most' });
    expect(atLeast(2, 2, { why })).toEqual({ ...met, budgetIs: 'at least' });
  });

  it('says the unit of a budget that is one of the figure itself', () => {
    const found = atMost(25, 20, { unit: 'ms', why: 'it reads' });
    expect(found).toEqual({
      budget: 20,
      budgetUnit: 'ms',
      budgetIs: 'at most',
      budgetFrom: 'design',
      met: false,
      missedBy: 0.25,
      why: 'it reads',
    });
  });

  it('says which budgets are our own', () => {
    expect(atMost(3, 4, { why: 'it waits', from: 'own' })).toMatchObject({ budgetFrom: 'own' });
  });

  it('is empty where nothing could be measured; the budget is shown all the same', () => {
    const missing = 'a clock that is set: not measured: apt-get install faketime';
    expect(notMeasured('at most', 5_000, { unit: 'ms', why: 'it looks' }, missing)).toEqual({
      budget: 5_000,
      budgetUnit: 'ms',
      budgetIs: 'at most',
      budgetFrom: 'design',
      met: null,
      without: [missing],
      why: 'it looks',
    });
  });

  it('has no share of a budget of nothing', () => {
    expect(atMost(3, 0, { unit: 'clears', why: 'it clears' })).not.toHaveProperty('missedBy');
  });
});
