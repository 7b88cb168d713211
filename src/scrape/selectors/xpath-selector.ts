const PREFIX = /^\s*xpath:/i;

/** The expression of a selector that is written `xpath:…`; undefined for a CSS selector. */
export function parseXPathSelector(selector: string): string | undefined {
  return PREFIX.test(selector) ? selector.replace(PREFIX, '').trim() : undefined;
}

/** Whether an expression starts at the page, such as `//h1` and `(//a)[1]`, and not at the row. */
export function isAbsoluteXPath(expression: string): boolean {
  return /^[(\s]*\//.test(expression);
}
