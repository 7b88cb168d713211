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
 * @param why what the figure consists of, shown where the budget is missed
 */
export function atMost(figure, budget, { unit, why }) {
  return judged('at most', figure <= budget, { figure, budget, unit, why });
}

/** The same of a budget that must be reached. */
export function atLeast(figure, budget, { unit, why }) {
  return judged('at least', figure >= budget, { figure, budget, unit, why });
}

function judged(budgetIs, met, { figure, budget, unit, why }) {
  return {
    budget,
    ...(unit !== undefined && { budgetUnit: unit }),
    budgetIs,
    met,
    // Of nothing there is no share.
    ...(!met && budget > 0 && { missedBy: rounded(Math.abs(figure - budget) / budget) }),
    why,
  };
}

const rounded = (value) => Number(value.toPrecision(3));
