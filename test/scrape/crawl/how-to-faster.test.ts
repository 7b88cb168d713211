import { expect, it } from 'vitest';
import { codeBlocks } from '../../docs-pages.ts';
import { withRun } from './with-run.ts';

const { site, run, staged } = withRun();
const [example = ''] = codeBlocks('docs/how-to/faster-on-your-own-site.md', 'yaml');

it('the example of docs/how-to/faster-on-your-own-site.md gives the same rows as without concurrency', async () => {
  const names = Array.from({ length: 30 }, (_, n) => `book ${n}`);
  const links = names.map((name, n) => `<li><a href="/b/${n}">${name}</a></li>`);
  site().html('/list', `<ul>${links.join('')}</ul>`);
  for (const [n] of names.entries()) site().html(`/b/${n}`, `<p class="isbn">978-${n}</p>`);
  const yaml = example.replaceAll('https://shop.example', '{site}');
  await run(yaml);
  const rows = staged();
  expect(rows).toEqual(names.map((title, n) => ({ title, isbn: `978-${n}` })));
  await run(yaml.replace('concurrency: 8\n', ''));
  expect(staged()).toEqual(rows);
});
