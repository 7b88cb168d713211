const PREFIX = /^\s*xpath:/i;

/** The expression of a selector that is written `xpath:…`; undefined for a CSS selector. */
export function parseXPathSelector(selector: string): string | undefined {
  return PREFIX.test(selector) ? selector.replace(PREFIX, '').trim() : undefined;
}

/** Whether an expression starts at the page, such as `//h1` and `(//a)[1]`, and not at the row. */
export function isAbsoluteXPath(expression: string): boolean {
  return /^[(\s]*\//.test(expression);
}

const TOKEN = /\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|([\w-]+)\|(?=[\w-])/gs;

/**
 * A CSS selector whose names with a namespace (`dc|creator`, CSS Namespaces) are written as the document writes them:
 * `dc\:creator`. The engine knows no namespaces, and people know the prefixes that they see.
 */
export function escapeNamespaces(selector: string): string {
  if (!selector.includes('|')) return selector;
  return selector.replaceAll(TOKEN, (whole: string, prefix: string | undefined) =>
    prefix === undefined ? whole : `${prefix}\\:`,
  );
}
