import { expect, onTestFinished } from 'vitest';
import type { RequestSent } from '../../../src/core/configs/scraper-protocol.ts';
import { testLivePages } from '../../../src/scrape/inspector/test-run.ts';
import { it } from '../../extend.ts';
import { gatedConfig } from '../../gated-site.ts';
import { tempFolder } from '../../temp-folder.ts';

it('reports its requests without the values of variables', async ({ site }) => {
  process.env['QUICKSCRAPE_TEST_SHOP'] = new URL(site.url).host;
  onTestFinished(() => {
    delete process.env['QUICKSCRAPE_TEST_SHOP'];
  });
  const told: RequestSent[] = [];
  const yaml = gatedConfig('http://${QUICKSCRAPE_TEST_SHOP}/page');
  const question = { ask: 'test', name: 'own.yaml', yaml, home: tempFolder() } as const;
  const limits = { max_pages: 1, sample_items: 1, time_limit_ms: 1e9 };
  const answer = await testLivePages({ ...question, ...limits }, (sent) => told.push(sent));
  expect(answer).toMatchObject({ items: 1, error: null });
  const request = { method: 'GET', hosts: ['${QUICKSCRAPE_TEST_SHOP}'], bytes: expect.any(Number) };
  expect(told).toEqual([request, request]);
});
