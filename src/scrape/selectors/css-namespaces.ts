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
