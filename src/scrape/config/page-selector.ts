import { load } from 'cheerio/slim';
import * as z from 'zod';
import { findDataSelectorProblem, isDataSelector, parseDataSelector } from '../selectors/data-selector.ts';
import {
  escapeNamespaces,
  findXPathProblem,
  getComputedKind,
  parseXPathSelector,
} from '../selectors/selector-syntax.ts';

/** A problem of a selector, and a hint how to write it instead. */
interface SelectorProblem {
  message: string;
  hint?: string;
}

// cheerio compiles a selector only if there is an element to search.
const probe = load('<i></i>');

/** Checks the syntax of a selector: CSS, XPath after `xpath:`, or JSONPath after `json:` and the like. */
function findSelectorProblem(selector: string): SelectorProblem | undefined {
  const data = parseDataSelector(selector);
  if (data !== undefined) return findDataSelectorProblem(data);
  const expression = parseXPathSelector(selector);
  if (expression !== undefined) return findXPathProblem(expression);
  if (/^\s*\$[.[]/.test(selector)) {
    const hint = `Write "json:${selector.trim()}".`;
    return { message: `"${selector.trim()}" looks like JSONPath, but is read as CSS`, hint };
  }
  if (!/^\s*\(*\.?\//.test(selector)) return findCssProblem(selector);
  const hint = `Write "xpath:${selector.trim()}".`;
  return { message: `"${selector.trim()}" looks like XPath, but is read as CSS`, hint };
}

/** Checks that an XPath selects something on a page, and does not only compute a number or a boolean. */
function findElementSelectorProblem(selector: string): SelectorProblem | undefined {
  const expression = parseXPathSelector(selector);
  const kind = expression === undefined ? undefined : getComputedKind(expression);
  if (kind === undefined) return undefined;
  const hint = 'Put a condition into brackets: "xpath://a[contains(text(), \'Next\')]".';
  return { message: `the XPath "${expression}" gives ${kind}, and selects nothing on the page`, hint };
}

/**
 * jQuery's extensions of CSS, which cheerio supports
 * (https://api.jquery.com/category/selectors/jquery-selector-extensions/).
 */
const UNSUPPORTED_BY_BROWSERS =
  /:(?:button|checkbox|contains|eq|even|file|first|gt|header|icontains|image|input|last|lt|nth|odd|parent|password|radio|reset|selected|submit|text)(?![\w-])/;

/** What has no meaning of its own: escaped characters, texts in quotes, and attributes with their values. */
const QUOTED =
  /\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[(?:[^\]"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\]/gs;

/** Checks that browsers support a selector. */
function findBrowserSelectorProblem(selector: string): SelectorProblem | undefined {
  if (isDataSelector(selector))
    return { message: 'a browser clicks and scrolls elements, and no data', hint: 'Write a CSS selector.' };
  if (parseXPathSelector(selector) !== undefined) return undefined;
  const bare = selector.replaceAll(QUOTED, '_');
  const word = UNSUPPORTED_BY_BROWSERS.exec(bare)?.[0];
  if (word === undefined) return undefined;
  const hint = 'Write plain CSS, or XPath 1.0: "xpath://button[contains(., \'More\')]".';
  return { message: `"${selector.trim()}" is for a browser, which does not support ${word}`, hint };
}

/**
 * Checks the syntax of a CSS selector as the extractor's engine (cheerio) parses it, including jQuery's `:first`,
 * `:eq(n)` and `:contains(text)`.
 * @returns undefined if the selector is valid
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
      ? 'Remove ::text: a field takes the text by default.'
      : `Remove it, and add "attribute: ${pseudo[2]}" to the field.`;
  return { message: `${pseudo[0].trim()} is Scrapy's, not CSS`, hint };
}

/** Finds characters that the engine accepts although they can never match. */
function findStrayCharacter(text: string): SelectorProblem | undefined {
  const bare = text.replaceAll(QUOTED, '_').replaceAll(/\([^)]*\)/g, '_');
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
    const [, prefix, name] = /^Unknown pseudo-class/.test(reason)
      ? (/(?<![\w\\-])([a-z][\w-]*):([a-z][\w-]*)/i.exec(text.replaceAll(QUOTED, '_')) ?? [])
      : [];
    const [sign] = /(?<!\\)[\u0080-\u00af]/.exec(text.replaceAll(QUOTED, '_')) ?? [];
    return {
      message: `"${text}" is not a CSS selector: ${reason.replace(/found $/, 'found its end')}`,
      ...(prefix !== undefined && {
        hint: `If ${prefix} is the prefix of an XML element, write "${prefix}|${name}".`,
      }),
      ...(sign !== undefined && { hint: `Write \\${sign} in place of ${sign} in a name.` }),
    };
  }
}

/** A selector for a page: CSS, XPath after `xpath:`, or JSONPath after `json:`, `jsonld:`, `microdata:`, `opengraph:`. */
export const pageSelector = selectorSchema(findSelectorProblem);

/** A selector that finds an element of the page: a row, or a link. */
export const elementSelector = selectorSchema(
  (text) => findSelectorProblem(text) ?? findElementSelectorProblem(text),
);

/** A selector of the element that holds data: CSS or XPath. */
export const scriptSelector = selectorSchema((text) =>
  isDataSelector(text)
    ? {
        message: `"${text.trim().slice(0, 60)}" reads data, and an element is needed here`,
        hint: 'Write a CSS selector, such as "script#__NEXT_DATA__" or "table.prices".',
      }
    : (findSelectorProblem(text) ?? findElementSelectorProblem(text)),
);

/** A selector that the browser itself evaluates, to click or scroll the element. */
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
