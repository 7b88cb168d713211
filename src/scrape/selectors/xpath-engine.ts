import { createRequire } from 'node:module';
import { resolveNamespace, type XPathAttribute, type XPathNode } from './xpath-tree.ts';

/** Options of fontoxpath that redirect calls to our functions. Its own types would pull in all browser types. */
interface FunctionOptions {
  functionNameResolver(
    name: { prefix: string; localName: string },
    arity: number,
  ): { namespaceURI: string; localName: string } | null;
  moduleImports: Record<string, string>;
}

const STANDARD = 'http://www.w3.org/2005/xpath-functions';
const OWN = 'urn:quickscrape:first-item';

type Parameter = 'text' | 'number' | 'item';

/** Functions that take texts, numbers or names, with the kinds of their parameters. */
const FUNCTIONS: Readonly<Record<string, readonly Parameter[][]>> = {
  ceiling: [['item']],
  concat: Array.from({ length: 19 }, (_, more) => new Array<Parameter>(more + 2).fill('text')),
  contains: [['text', 'text']],
  'ends-with': [['text', 'text']],
  floor: [['item']],
  'local-name': [['item']],
  'lower-case': [['text']],
  matches: [['text', 'text']],
  name: [['item']],
  'normalize-space': [['text']],
  number: [['item']],
  replace: [['text', 'text', 'text']],
  round: [['item']],
  'starts-with': [['text', 'text']],
  string: [['text']],
  'string-length': [['text']],
  substring: [
    ['text', 'number'],
    ['text', 'number', 'number'],
  ],
  'substring-after': [['text', 'text']],
  'substring-before': [['text', 'text']],
  tokenize: [['text'], ['text', 'text']],
  translate: [['text', 'text', 'text']],
  'upper-case': [['text']],
};

/**
 * An XQuery module that gives these functions the argument rules of XPath 1.0, which browsers and other scrapers use
 * (https://www.w3.org/TR/xpath-10/#function-string). Of several items the first one is used, and numbers become texts.
 * So `contains(text(), 'Next')` works on an element with two texts, which XPath 3.1 rejects.
 */
const FIRST_ITEM_MODULE = `module namespace own = "${OWN}"; declare namespace std = "${STANDARD}";
${Object.entries(FUNCTIONS)
  .flatMap(([name, all]) => all.map((parameters) => createDeclaration(name, parameters)))
  .join('\n')}`;

/** Redirects calls without a prefix, or with `fn`, to {@link FIRST_ITEM_MODULE} if it has the function. */
const FIRST_ITEM_OPTIONS: FunctionOptions = {
  functionNameResolver({ prefix, localName }, arity) {
    if (prefix !== '' && prefix !== 'fn') return null;
    const isOwn =
      Object.hasOwn(FUNCTIONS, localName) && FUNCTIONS[localName]?.some(({ length }) => length === arity);
    return { namespaceURI: isOwn ? OWN : STANDARD, localName };
  },
  moduleImports: { own: OWN },
};

function createDeclaration(name: string, parameters: readonly Parameter[]): string {
  const given = parameters.map((_, at) => `$a${at}`);
  const firsts = parameters.map((parameter, at) => createFirstItem(`$a${at}`, parameter));
  return `declare %public function own:${name}(${given.join(', ')}) { std:${name}(${firsts.join(', ')}) };`;
}

function createFirstItem(variable: string, parameter: Parameter): string {
  const first = `std:head(${variable})`;
  if (parameter === 'item') return first;
  return parameter === 'text' ? `std:string(${first})` : `std:number(${first})`;
}

/** A result of an expression: a node of the tree, or a computed value. */
export type XPathResult = XPathNode | XPathAttribute | string | number | boolean | object;

/** The part of fontoxpath that is used. Its own types would pull in all browser types. */
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
// Loaded only if there is an expression: loading takes longer than parsing a configuration.
const require = createRequire(import.meta.url);

/**
 * Evaluates an XPath 3.1 expression on a node and returns all results in document order. Expressions cannot access
 * files or the network: `doc()` and similar functions do not exist.
 * @throws Error with a code of the standard, such as `XPTY0004`, if it cannot be parsed or computed
 */
export function evaluateXPath(expression: string, context: XPathNode): XPathResult[] {
  if (engine === undefined) {
    engine = require('fontoxpath') as Engine;
    engine.registerXQueryModule(FIRST_ITEM_MODULE);
  }
  const all = (engine.evaluateXPath as unknown as { ALL_RESULTS_TYPE: unknown }).ALL_RESULTS_TYPE;
  return engine.evaluateXPath(expression, context, null, null, all, OPTIONS);
}

/** Returns the first line that states the error: `XPTY0004: …` */
export function formatXPathError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const told = message.split('\n').find((line) => /\b[A-Z]{4}\d{4}\b/.test(line)) ?? message;
  return told.replace(/^Error: /, '').slice(0, 200);
}
