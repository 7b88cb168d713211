import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { ItemDetail } from '../../../../src/tui/features/items/view.tsx';

afterEach(cleanup);

const ITEM = { title: 'Attic', price: '49.99' };

function linesOf(props: Partial<Parameters<typeof ItemDetail>[0]>): string[] {
  const { lastFrame } = render(
    <ItemDetail item={ITEM} change={undefined} columns={40} rows={8} {...props} />,
  );
  return (lastFrame() ?? '').split('\n').filter((line) => line !== '');
}

it('shows the former values of a changed item, too', () => {
  expect(linesOf({ change: { kind: 'changed', item: ITEM, before: { price: '51.77' } } })).toEqual([
    'title',
    '  Attic',
    'price',
    '- 51.77',
    '+ 49.99',
  ]);
  expect(linesOf({ change: { kind: 'added', item: ITEM, before: {} } })).toEqual(linesOf({}));
});

it('says how much of it has no room, and how to see it', () => {
  const item = { title: 'Attic', text: 'word '.repeat(60) };
  const lines = linesOf({ item });
  expect(lines).toHaveLength(8);
  expect(lines.at(-1)).toBe('4 more lines: o shows all in $PAGER');
});
