import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { withRun } from './with-run.ts';

const { site, run } = withRun();

it('the hint says why the data have no rows, also where a browser is missing that might show some', async () => {
  site().html(
    '/',
    '<script type="application/ld+json">{"@type":"Recipe"}</script><div id="root"></div><script>fetch()</script>',
  );
  const yaml =
    'url: "{site}/"\nbackend: auto\nitem: "jsonld:Product $"\nselectors: { name: "json:$.name" }\n';
  const { config } = parseConfig(yaml.replace('{site}', site().url('')), 'test.yaml');
  await expect(run(yaml, { config: { ...config, browser_path: '/nowhere/chromium' } })).rejects.toMatchObject(
    {
      kind: 'no_items',
      hint: expect.stringContaining('has no Product in its jsonld data, but Recipe.'),
    },
  );
});
