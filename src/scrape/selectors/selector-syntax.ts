import { load } from 'cheerio/slim';
import { pluralize } from '../../core/lib/text.ts';
import { evaluateXPath, formatXPathError, getXPathTree, type XPathResult } from './xpath-engine.ts';

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

const probe = load('');

/** Returns why an expression cannot be used; undefined if it can. */
export function findXPathProblem(expression: string): { message: string; hint?: string } | undefined {
  if (expression === '') {
    return { message: 'the XPath is empty', hint: 'Write it after xpath:, such as "xpath:.//h3/a".' };
  }
  try {
    evaluateXPath(expression, getXPathTree(probe).root);
    return undefined;
  } catch (error) {
    const at = getOffset(error);
    if (at !== undefined) return toSyntaxProblem(expression, at);
    const reason = formatXPathError(error);
    // Only static errors count: other errors are due to the empty page, and may not occur on a real one.
    if (!/XPST/.test(reason)) return undefined;
    return { message: `the XPath "${truncate(expression)}" cannot be used: ${describeReason(reason)}` };
  }
}

/** Returns the kind of value that an expression computes instead of selecting nodes; undefined for all others. */
export function getComputedKind(expression: string): 'true or false' | 'a number' | undefined {
  const results = evaluateOnProbe(expression);
  if (results.length !== 1) return undefined;
  if (typeof results[0] === 'boolean') return 'true or false';
  return typeof results[0] === 'number' ? 'a number' : undefined;
}

function evaluateOnProbe(expression: string): XPathResult[] {
  try {
    return evaluateXPath(expression, getXPathTree(probe).root);
  } catch {
    return [];
  }
}

/** Returns the offset at which parsing failed. */
function getOffset(error: unknown): number | undefined {
  const position = (error as { position?: { start?: { offset?: unknown } } }).position?.start?.offset;
  return typeof position === 'number' ? position : undefined;
}

function toSyntaxProblem(expression: string, offset: number): { message: string; hint?: string } {
  const before = expression.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const rest = expression.slice(offset).trim();
  const place = expression.includes('\n') ? `line ${line}, character ${column}` : `character ${column}`;
  const seen = rest === '' ? 'its end' : `"${truncate(rest, 20)}"`;
  const hint = findUnbalanced(expression);
  return {
    message: `"${truncate(expression)}" is not an XPath: it cannot be read from ${place} on (${seen})`,
    ...(hint !== undefined && { hint }),
  };
}

/** Finds an unclosed quote or bracket: the usual cause, which the parser reports at the wrong place. */
function findUnbalanced(expression: string): string | undefined {
  const bare = expression.replaceAll(/"[^"]*"|'[^']*'/g, '');
  const quote = /["']/.exec(bare)?.[0];
  if (quote !== undefined) return `Close the quote ${quote}.`;
  const open: string[] = [];
  for (const [sign] of bare.matchAll(/[[\]()]/g)) {
    if (sign === '[' || sign === '(') open.push(sign);
    else if (open.pop() !== (sign === ']' ? '[' : '(')) return `There is a "${sign}" too many.`;
  }
  const last = open.pop();
  return last === undefined ? undefined : `Close the "${last}".`;
}

function describeReason(reason: string): string {
  const name = /Function Q\{[^}]*\}(\S+) with arity of (\d+)|function (\S+) with arity (\d+)/.exec(reason);
  if (name === null) return reason;
  const [, own, count, prefixed, ofPrefixed] = name;
  const values = pluralize(Number(count ?? ofPrefixed), 'value');
  return `there is no function ${own ?? prefixed} that takes ${values} (XPath 3.1)`;
}

function truncate(text: string, maxCharacters = 80): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
}
