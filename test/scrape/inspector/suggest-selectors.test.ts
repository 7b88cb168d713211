import { expect, it, onTestFinished } from 'vitest';
import { suggestSelectors } from '../../../src/scrape/inspector/suggest-selectors.ts';
import { tempFolder } from '../../temp-folder.ts';
import { Site } from '../site.ts';

it('an address of JSON is reported as such, with what to give instead', async () => {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.html('/api', '{"items":[{"a":1},{"a":2}]}', { 'content-type': 'application/json; charset=utf-8' });
  const question = {
    ask: 'propose' as const,
    page: { from: 'url' as const, url: site.url('/api') },
    name: 'x',
    home: tempFolder(),
    time_limit_ms: 20_000,
  };
  await expect(suggestSelectors(question)).rejects.toMatchObject({
    code: 'invalid_params',
    field: 'url',
    message: `${site.url('/api')} answers with JSON, which is not supported yet`,
    hint: expect.stringContaining('Give the address of the page that shows the same data'),
  });
});
