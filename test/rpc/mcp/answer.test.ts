import { expect, it } from 'vitest';
import { toolAnswer } from '../../../src/rpc/mcp/answer.ts';

it('says which selectors stopped, however many others there are and however long the log is', async () => {
  const selectors = Array.from({ length: 60 }, (_, at) => ({
    field: `field_${at}`,
    selector: `div.row > span.field-${at}`,
    matched: at === 59 ? 0 : 40,
    filled: 40,
    usual: 40,
    stopped: at === 59,
  }));
  const run = { run_id: 'r1', job_id: 'books', status: 'succeeded', items: 40, pages: 2 };
  const log_tail = Array.from({ length: 20 }, (_, at) => `line ${at} ${'x'.repeat(200)}`);
  const answer = { run, attempts: [], log_tail, sample: [], selectors, kept_pages: [] };
  const { content, structuredContent } = await toolAnswer(
    'get_run',
    { run_id: 'r1' },
    answer,
    async () => answer,
  );
  expect(content).toEqual([
    {
      type: 'text',
      text: expect.stringMatching(/^Selectors that stopped matching: field_59 \(usually 40\)/),
    },
  ]);
  const shown = structuredContent as { selectors: unknown[]; shortened: object };
  expect(shown.selectors[0]).toMatchObject({ field: 'field_59', stopped: true });
  expect(shown.shortened).toHaveProperty('selectors');
});
