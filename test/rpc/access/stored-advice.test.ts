import { expect, it } from 'vitest';
import { withOperationAdvice } from '../../../src/rpc/access/stored-advice.ts';
import { noItemsError } from '../../../src/scrape/crawl/no-items-error.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';

const { message, hint = '' } = noItemsError(new ScrapeStats());
const stored = `${message}. ${hint} The page as it was received: /home/1.html`;
const all = new Set(['explain_run', 'test_config']);

it('the stored message of a run without items names operations, not the command', () => {
  expect(stored).toContain('scrape CONFIG --sample 5 --verbose. If no rows');
  const told = withOperationAdvice('list_runs', { runs: [{ error: { message: stored } }], total: 1 }, all);
  const said = JSON.stringify(told);
  expect(said).not.toMatch(/scrape CONFIG|--verbose/);
  expect(said).toMatch(
    /explain_run .+ test_config with run_id .+ on it\. If no rows .+ received: \/home\/1\.html"/,
  );
});

it('a message that is cut within the command names operations, too; only those that are offered', () => {
  const cut = 'No items. Try them on fewer pages: quickscrape scrape CON…';
  const say = (offered: Set<string>) => withOperationAdvice('explain_run', { explanation: [cut] }, offered);
  expect(JSON.stringify(say(all))).toMatch(/No items\. explain_run .+ test_config/);
  expect(JSON.stringify(say(new Set(['explain_run'])))).not.toContain('test_config');
  expect(say(new Set())).toEqual({ explanation: ['No items.'] });
});

it('texts of items, pages and configurations stay', () => {
  const answer = { items: [{ text: stored }] };
  expect(withOperationAdvice('list_items', answer, all)).toBe(answer);
});
