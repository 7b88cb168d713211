import { pluralize } from '../../core/lib/pluralize.ts';
import { BLANK, plainRow, type StyledRow, styledRow, wrappedRows } from '../styled-row.ts';
import { withHint } from '../text/sentence.ts';
import type { StyleName } from '../theme.ts';
import type { FormTest } from './form.ts';

/** What a try of a configuration has brought: how much, the first items, what is missing. */
export function testLines(test: FormTest | undefined, columns: number): readonly StyledRow[] {
  const line = (style: StyleName, text: string) => wrappedRows(text, columns, style);
  if (test?.outcome === undefined) return [plainRow('Fetching its first page…', 'faint')];
  if (!test.outcome.ok) {
    const { message, hint, issues = [] } = test.outcome.failure;
    return [
      ...line('bad', message),
      ...issues.filter((issue) => issue.message !== message).flatMap((issue) => line('bad', issue.message)),
      ...(hint === undefined ? [] : line('plain', hint)),
    ];
  }
  const { items, pages, error, warnings, sample, matches } = test.outcome.output;
  const summary = `${pluralize(items, 'item')} on ${pluralize(pages, 'page')}.`;
  return [
    ...(error === null ? line('good', summary) : line('bad', withHint(error.message, error.hint))),
    ...warnings.flatMap((text) => line('warning', text)),
    ...matches
      .filter(({ matched }) => matched === 0)
      .flatMap(({ field, selector }) => line('warning', `${field}: ${selector} matched nothing`)),
    ...sample.flatMap((item, index) => [
      BLANK,
      plainRow(`Item ${index + 1}`, 'heading'),
      ...Object.entries(item).map(([field, value]) => {
        const text = `  ${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
        return styledRow(columns, { text, style: 'plain' });
      }),
    ]),
  ];
}
