import * as z from 'zod';
import { findPatternProblem } from '../parsers/match-pattern.ts';

/** A pattern in RE2's dialect. */
export const patternInput = z.string().superRefine((pattern, context) => {
  const problem = findPatternProblem(pattern);
  if (problem === undefined) return;
  context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
});

/** `regex` of a field: what to take of its text. */
export const regexInput = patternInput.describe(
  'Take what this pattern (RE2) matches: its first group, or all of it',
);
