import { load } from 'cheerio/slim';
import * as z from 'zod';
import { escapeNamespaces, parseXPathSelector } from '../selectors/selector-syntax.ts';
import { findXPathProblem, getComputedKind } from '../selectors/xpath-syntax.ts';

/** What is wrong with a selector, and how to write it instead. */
interface SelectorProblem {
  message: string;
  hint?: string;
}

// A selector is compiled only when there is something to look through.
const probe = load('<i></i>');

/** Checks the syntax of a selector that may be CSS or, behind `xpath:`, XPath. */
function findSelectorProblem(selector: string): SelectorProblem | undefined {
  const expression = parseXPathSelector(selector);
  if (expression !== undefined) return findXPathProblem(expression);
  if (!/^\s*\(*\.?\//.test(selector)) return findCssProblem(selector);
  const hint = `Say so: "xpath:${selector.trim()}".`;
  return { message: `"${selector.trim()}" looks like XPath and is read as CSS`, hint };
}

/** Checks that an XPath can find something on a page, and does not only say something of it. */
function findElementSelectorProblem(selector: string): SelectorProblem | undefined {
  const expression = parseXPathSelector(selector);
  const kind = expression === undefined ? undefined : getComputedKind(expression);
  if (kind === undefined) return undefined;
  const hint = 'Put a condition into brackets: "xpath://a[contains(text(), \'Next\')]".';
  return { message: `the XPath "${expression}" gives ${kind}, and nothing that is on the page`, hint };
}

/** What jQuery adds to CSS, and this program's own engine takes (https://api.jquery.com/category/selectors/jquery-selector-extensions/). */
const UNSUPPORTED_BY_BROWSERS =
  /:(?:button|checkbox|contains|eq|even|file|first|gt|header|icontains|image|input|last|lt|nth|odd|parent|password|radio|reset|selected|submit|text)(?![\w-])/;

/** Checks that browsers know a selector. */
function findBrowserSelectorProblem(selector: string): SelectorProblem | undefined {
  if (parseXPathSelector(selector) !== undefined) return undefined;
  const bare = selector.replaceAll(/\\.|"[^"]*"|'[^']*'|\[[^\]]*\]/g, '_');
  const word = UNSUPPORTED_BY_BROWSERS.exec(bare)?.[0];
  if (word === undefined) return undefined;
  const hint = 'Write plain CSS, or XPath 1.0: "xpath://button[contains(., \'More\')]".';
  return { message: `"${selector.trim()}" is for a browser, which knows no ${word}`, hint };
}

/**
 * Checks the syntax of a CSS selector as the extractor's own engine (cheerio) understands it, jQuery's `:first`,
 * `:eq(n)` and `:contains(text)` included.
 * @returns undefined when the selector can be used.
 */
function findCssProblem(selector: string): SelectorProblem | undefined {
  const text = selector.trim();
  if (text === '')
    return { message: 'the selector is empty', hint: 'Write a CSS selector, such as ".price".' };
  return findScrapyProblem(text) ?? findStrayCharacter(text) ?? findEngineProblem(text);
}

function findScrapyProblem(text: string): SelectorProblem | undefined {
  const pseudo = /::(text|attr\(\s*([^)\s]*)\s*\))\s*$/.exec(text);
  if (pseudo === null) return undefined;
  const hint =
    pseudo[2] === undefined
      ? 'Leave ::text away: text is what a field takes by default.'
      : `Leave it away and add "attribute: ${pseudo[2]}" to the field.`;
  return { message: `${pseudo[0].trim()} is Scrapy's, not CSS`, hint };
}

/** What the engine takes without complaint although it can never match. */
function findStrayCharacter(text: string): SelectorProblem | undefined {
  const bare = text.replaceAll(/\\.|"[^"]*"|'[^']*'|\[[^\]]*\]|\([^)]*\)/g, '_');
  if (/[>+~]$/.test(bare))
    return { message: `"${text}" ends in a combinator`, hint: `Name what follows the ${text.at(-1)}.` };
  const stray = /[.#]{2,}|[.#](?=[\s>+~,]|$)|!/.exec(bare);
  return stray === null ? undefined : { message: `"${text}" has a stray "${stray[0]}"` };
}

function findEngineProblem(text: string): SelectorProblem | undefined {
  try {
    probe.root().find(escapeNamespaces(text));
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { message: `"${text}" is not a CSS selector: ${reason.replace(/found $/, 'found its end')}` };
  }
}

/** A selector for a page: CSS, or XPath behind `xpath:`. */
export const pageSelector = selectorSchema(findSelectorProblem);

/** One that finds a place on the page: a row, or a link. */
export const elementSelector = selectorSchema(
  (text) => findSelectorProblem(text) ?? findElementSelectorProblem(text),
);

/** One that a browser itself looks for, to click on it or to scroll it. */
export const browserSelector = selectorSchema(
  (text) => findSelectorProblem(text) ?? findElementSelectorProblem(text) ?? findBrowserSelectorProblem(text),
);

function selectorSchema(findProblem: (selector: string) => SelectorProblem | undefined) {
  return z.string().superRefine((text, context) => {
    const problem = findProblem(text);
    if (problem === undefined) return;
    context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
  });
}
