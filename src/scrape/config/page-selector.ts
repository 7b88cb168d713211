import * as z from 'zod';
import { selectorProblem } from './selector-syntax.ts';

/** A selector for a page: CSS, or XPath behind `xpath:`. */
export const pageSelector = z.string().superRefine((text, context) => {
  const problem = selectorProblem(text);
  if (problem === undefined) return;
  context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
});
