import { expect, it } from 'vitest';
import { noRowsError } from '../../src/cli/wizard/save-suggestion.ts';

it.each(['its scripts load something', 'says that it needs JavaScript', '"row" occurs in its scripts'])(
  'a page without rows is explained in a sentence: %s',
  (scripts) => {
    expect(noRowsError('https://a.example/', scripts)).toMatchObject({
      message: 'no repeating elements found on https://a.example/',
      hint: expect.stringContaining(
        `As the server sends it the page has no rows, and ${scripts}: they may be made by scripts. Write`,
      ),
    });
  },
);
