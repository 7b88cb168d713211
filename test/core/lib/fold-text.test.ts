import { expect, it } from 'vitest';
import { foldText } from '../../../src/core/lib/fold-text.ts';

it.each([
  ['Preise', 'PREISE'],
  ['Straße', 'STRASSE'],
  ['Ärger', 'a\u0308rger'],
  ['ΟΔΟΣ', 'οδος'],
  ['ΟΔΟΣΑ', 'οδοσα'],
  ['Žižek', 'ŽIŽEK'],
  ['価格', '価格'],
])('%s and %s are found alike', (one, other) => {
  expect(foldText(one)).toBe(foldText(other));
});

it('letters with and without accent differ', () => {
  expect(foldText('Ähre')).not.toBe(foldText('Ahre'));
});
