import { expect } from 'vitest';
import { demoConfigs } from '../../../src/cli/demo/demo-jobs.ts';
import { recordPastFindings } from '../../../src/cli/demo/past-findings.ts';
import { baselineFill, baselineMatches } from '../../../src/core/quality/selector-history.ts';
import { readSelectorFindings } from '../../../src/core/runs/selector-findings.ts';
import { it } from '../../extend.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

it('the newest good runs say what each selector of the shop usually matches', async ({ home }) => {
  const made = openTempWorkspace({ home, actor: 'cli' });
  await made.configs.write('prices', demoConfigs('http://127.0.0.1:9/').prices);
  const runs = Array.from({ length: 12 }, (_, n) => ({ runId: `run${n}`, items: 60, pages: 3 }));
  recordPastFindings(made, { id: 'a', configName: 'prices' }, runs);
  const found = runs.map(({ runId }) => readSelectorFindings(made.paths, 'a', runId));
  expect(found.filter((one) => one === undefined)).toHaveLength(2);
  const before = found.flatMap((one) => one ?? []);
  const names = [
    { part: 'field', field: 'price' },
    { part: 'item', field: 'item' },
  ] as const;
  expect([...baselineMatches(names, 3, before)]).toEqual([
    ['field price', 60],
    ['item item', 60],
  ]);
  expect(baselineFill('price', before)).toEqual({ value: 100, runs: 10 });
  expect(before[0]?.selectors['price']?.selector).toBe('.product_price .price-now');
});
