const PREFIX = /^\s*xpath:/i;

/** Returns the expression of an `xpath:…` selector; undefined for a CSS selector. */
export function parseXPathSelector(selector: string): string | undefined {
  return PREFIX.test(selector) ? selector.replace(PREFIX, '').trim() : undefined;
}

/** Whether an expression starts at the page, such as `//h1` and `(//a)[1]`, and not at the row. */
export function isAbsoluteXPath(expression: string): boolean {
  return /^[(\s]*\//.test(expression);
}

const TOKEN = /\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|([\w-]+)\|(?=[\w-])/gs;

/**
 * Escapes namespace prefixes of a CSS selector (`dc|creator`, CSS Namespaces) to the form in the document:
 * `dc\:creator`. The engine does not support namespaces, and users write the prefixes that they see.
 */
export function escapeNamespaces(selector: string): string {
  if (!selector.includes('|')) return selector;
  return selector.replaceAll(TOKEN, (whole: string, prefix: string | undefined) =>
    prefix === undefined ? whole : `${prefix}\\:`,
  );
}
