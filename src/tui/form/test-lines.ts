import { countWords } from '../../core/count-words.ts';
import { BLANK, type LookRow, plain, rowOf, wrapped } from '../look-row.ts';
import { withHint } from '../text/sentence.ts';
import type { LookName } from '../theme.ts';
import type { FormTest } from './form.ts';

/** What a try of a configuration has brought: how much, the first items, what is missing. */
export function testLines(test: FormTest | undefined, columns: number): readonly LookRow[] {
  const said = (look: LookName, text: string) => wrapped(text, columns, look);
  if (test?.outcome === undefined) return [plain('Fetching its first page…', 'faint')];
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
      BLANK,
      plain(`Item ${index + 1}`, 'heading'),
      ...Object.entries(item).map(([field, value]) => {
        const text = `  ${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
        return rowOf(columns, { text, look: 'plain' });
      }),
    ]),
  ];
}
