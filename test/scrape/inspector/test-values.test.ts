import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testSavedPages } from '../../../src/scrape/inspector/test-run.ts';
import { tempFolder } from '../../temp-folder.ts';

it('a test says which of its rows break rules on values, also of rows that it does not show', async () => {
  const home = tempFolder();
  const file = join(home, '1.html');
  writeFileSync(
    file,
    '<ul><li><b>a</b><i>£5</i></li><li><b>b</b><i>£0</i></li><li><b>c</b><i>soon</i></li></ul>',
  );
  const yaml = `url: "https://a.example/"
item: li
selectors: { title: b, price: { selector: i, type: number } }
expect: { fields: { price: { min: 1, max: 5, max_unread_percent: 0 } } }
`;
  const answer = await testSavedPages({
    ...({
      ask: 'test',
      name: 'own.yaml',
      yaml,
      home,
      max_pages: 1,
      sample_items: 1,
      time_limit_ms: 1e9,
    } as const),
    pages: [{ file, url: 'https://a.example/', content_type: 'text/html' }],
  });
  expect(answer).toMatchObject({ items: 3, sample: [{ title: 'a', price: 5 }], error: null });
  expect(answer.warnings).toEqual([
    'price: "soon" is not a number, so the value is null',
    'price: 1 of 3 rows is below min 1 (row 2: 0)',
    'price: 1 of 3 values could not be read (33.3 %, at most 0 % expected), such as "soon", which is not a number',
  ]);
});
