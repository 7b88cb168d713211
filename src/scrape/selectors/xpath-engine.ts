import { createRequire } from 'node:module';
import { FIRST_ITEM_MODULE, FIRST_ITEM_OPTIONS } from './xpath-first-item.ts';
import { resolveNamespace, type XPathAttribute, type XPathNode } from './xpath-tree.ts';

/** What an expression gives: nodes of the tree, or values that it computed. */
export type XPathResult = XPathNode | XPathAttribute | string | number | boolean | object;

/** The part of fontoxpath that is used. Its own types bring in all of the browser's. */
interface Engine {
  evaluateXPath(
    expression: string,
    context: XPathNode,
    facade: null,
    variables: null,
    returnType: unknown,
    options: typeof OPTIONS,
  ): XPathResult[];
  registerXQueryModule(module: string): void;
}

const OPTIONS = { namespaceResolver: resolveNamespace, ...FIRST_ITEM_OPTIONS };

let engine: Engine | undefined;
// Only where an expression is there: loading it takes longer than reading a configuration.
const require = createRequire(import.meta.url);

/**
 * All that an XPath 3.1 expression gives for a node, in document order. The language has no way to files or the network:
 * `doc()` and its like are not there.
 * @throws Error with a code of the standard, such as `XPTY0004`, for what cannot be read or computed
 */
export function evaluateXPath(expression: string, context: XPathNode): XPathResult[] {
  if (engine === undefined) {
    engine = require('fontoxpath') as Engine;
    engine.registerXQueryModule(FIRST_ITEM_MODULE);
  }
  const all = (engine.evaluateXPath as unknown as { ALL_RESULTS_TYPE: unknown }).ALL_RESULTS_TYPE;
  return engine.evaluateXPath(expression, context, null, null, all, OPTIONS);
}

/** The first line that says what is wrong: `XPTY0004: …` */
export function formatXPathError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const told = message.split('\n').find((line) => /\b[A-Z]{4}\d{4}\b/.test(line)) ?? message;
  return told.replace(/^Error: /, '').slice(0, 200);
}
