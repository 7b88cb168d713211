/**
 * Our figure over a peer's or a floor's, both as they were measured: what is rounded judges nothing.
 * @param name the peer's, as the row has it beside; or `its budget`
 * @returns what a row says of it
 */
export function ratioTo(name, ours, theirs) {
  return { ratio: rounded(ours / theirs), ratioTo: name };
}

/**
 * What a row says of a budget that must not be passed.
 * @param figure what is held against it, not rounded: the row's ratio, or its own figure where the budget has a unit
 * @param options.why what the figure consists of, shown where the budget is missed
 * @param options.from who has set it: the `design` that we were given, or we (`own`)
 */
export function atMost(figure, budget, options) {
  return judged('at most', figure, figure <= budget, { budget, ...options });
}

/** The same of a budget that must be reached. */
export function atLeast(figure, budget, options) {
  return judged('at least', figure, figure >= budget, { budget, ...options });
}

/**
 * What a row says of a budget that nothing can be held against here: a budget that nobody looks at is not one that is met.
 * @param budgetIs `at most` or `at least`
 * @param options what {@link atMost} takes
 * @param missing what is not there, and how it can be had
 */
export function notMeasured(budgetIs, budget, options, missing) {
  return { ...asked(budgetIs, { budget, ...options }), met: null, without: [missing] };
}

function judged(budgetIs, figure, met, { budget, ...options }) {
  return {
    ...asked(budgetIs, { budget, ...options }),
    met,
    // Of nothing there is no share.
    ...(!met && budget > 0 && { missedBy: rounded(Math.abs(figure - budget) / budget) }),
  };
}

function asked(budgetIs, { budget, unit, why, from = 'design' }) {
  return { budget, ...(unit !== undefined && { budgetUnit: unit }), budgetIs, budgetFrom: from, why };
}

const rounded = (value) => Number(value.toPrecision(3));
