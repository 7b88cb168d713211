import * as z from 'zod';
import {
  findBrowserSelectorProblem,
  findElementSelectorProblem,
  findSelectorProblem,
  type SelectorProblem,
} from './selector-problem.ts';

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
