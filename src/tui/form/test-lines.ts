import { countWords } from '../../core/count-words.ts';
import { cleanLine } from '../text/clean.ts';
import { cut } from '../text/fit.ts';
import { withHint } from '../text/sentence.ts';
import { wrapWords } from '../text/wrap-words.ts';
import type { LookName } from '../theme.ts';
import type { FormTest } from './form.ts';

interface Line {
  text: string;
  look?: LookName;
}

/** What a try of a configuration has brought: how much, the first items, what is missing. */
export function testLines(test: FormTest | undefined, columns: number): readonly Line[] {
  const said = (look: LookName, text: string): Line[] =>
    wrapWords(text, columns).map((line) => ({ look, text: line }));
  if (test?.outcome === undefined) return [{ look: 'faint', text: 'Fetching its first page…' }];
  if (!test.outcome.ok) {
    const { message, hint, issues = [] } = test.outcome.failure;
    return [
      ...said('bad', message),
      ...issues.filter((issue) => issue.message !== message).flatMap((issue) => said('bad', issue.message)),
      ...(hint === undefined ? [] : said('plain', hint)),
    ];
  }
  const { items, pages, error, warnings, sample, matches } = test.outcome.output;
  const summary = `${countWords(items, 'item')} on ${countWords(pages, 'page')}.`;
  return [
    ...(error === null ? said('good', summary) : said('bad', withHint(error.message, error.hint))),
    ...warnings.flatMap((text) => said('warning', text)),
    ...matches
      .filter(({ matched }) => matched === 0)
      .flatMap(({ field, selector }) => said('warning', `${field}: ${selector} matched nothing`)),
    ...sample.flatMap((item, index) => [
      { text: '' },
      { look: 'heading' as const, text: `Item ${index + 1}` },
      ...Object.entries(item).map(([field, value]) => ({
        text: cut(
          cleanLine(`  ${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
          columns,
        ),
      })),
    ]),
  ];
}
