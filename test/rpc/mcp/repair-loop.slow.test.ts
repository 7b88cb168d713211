import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { it } from '../../extend.ts';
import { openChangingShop } from '../../sandbox/changing-shop.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { type Answer, connect } from './mcp-clients.ts';

interface Selector {
  field: string;
  selector: string;
  matched: number;
  usual: number | null;
  stopped: boolean;
}

function good<T>(answer: Answer): T {
  if (answer.isError) throw new Error(answer.text);
  return answer.data as T;
}

it('a scripted client follows repair_selectors: it finds the broken selectors, fixes them on the kept page, saves and proves it', async ({
  home,
}) => {
  const shop = await openChangingShop();
  const workspace = openTempWorkspace({ home, actor: 'cli' });
  const written = bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 2');
  await workspace.configs.write('shop', written);
  const schedule = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };
  await workspace.jobs.create({ id: 'books', fields: { config_name: 'shop', schedule } }, 'cli');
  const client = await connect('pinned', home, { flags: ['--allow-private-hosts', '127.0.0.1'] });
  const runJob = async () => {
    const { run } = good<{
      run: { run_id: string; status: string; items: number; error: { kind: string } | null };
    }>(await client.call('run_job', { job_id: 'books', wait_seconds: 45 }));
    return run;
  };
  const healthy = await runJob();
  expect(healthy).toMatchObject({ status: 'succeeded', items: 40 });

  // The shop is rebuilt over night: its rows and its prices have other names.
  await shop.change((html) =>
    html
      .replaceAll('product_pod', 'card')
      .replaceAll('product_price', 'cost')
      .replaceAll('price_color', 'amount'),
  );
  const broken = await runJob();
  expect(broken).toMatchObject({ status: 'failed', error: { kind: 'no_items' } });

  // The prompt names each of the calls that follow.
  const prompt = await client.prompt('repair_selectors', { job_id: 'books' });
  for (const tool of ['list_runs', 'explain_run', 'test_config', 'save_config', 'run_job', 'compare_runs'])
    expect(prompt).toContain(tool);

  const { runs } = good<{ runs: { run_id: string; status: string }[] }>(
    await client.call('list_runs', { job_id: 'books' }),
  );
  expect(runs[0]).toMatchObject({ run_id: broken.run_id, status: 'failed' });
  const told = await client.call('get_run', { run_id: broken.run_id, sample_items: 0 });
  const { selectors, kept_pages } = good<{ selectors: Selector[]; kept_pages: unknown[] }>(told);
  expect(selectors.find(({ field }) => field === 'price')).toMatchObject({
    matched: 0,
    usual: 40,
    stopped: true,
  });
  expect(told.text).toContain('Selectors that stopped matching');
  expect(kept_pages).toHaveLength(1);

  const { yaml, revision } = good<{ yaml: string; revision: string }>(
    await client.call('get_config', { config_name: 'shop' }),
  );
  const trial = (text: string, params = {}) =>
    client.call('test_config', { yaml: text, run_id: broken.run_id, ...params });
  type Trial = {
    source: string;
    items: number;
    matches: { field: string; matched: number }[];
    error: unknown;
  };
  const present = good<Trial>(await trial(yaml));
  expect(present).toMatchObject({ source: 'kept page', items: 0, error: { kind: 'no_items' } });

  // First only half of it: the trial says what is still missing.
  const half = yaml.replace('article.product_pod', 'article.card');
  const halfway = good<Trial>(await trial(half));
  expect(halfway).toMatchObject({ items: 20 });
  expect(halfway.error ?? null).toBeNull();
  expect(halfway.matches).toContainEqual(expect.objectContaining({ field: 'price', matched: 0 }));
  const mended = half.replace('.product_price .price_color', '.cost .amount');
  expect(good<Trial>(await trial(mended)).matches.every(({ matched }) => matched > 0)).toBe(true);
  const live = good<Trial>(await client.call('test_config', { yaml: mended }));
  expect(live).toMatchObject({ source: 'live', items: 20 });
  expect(live.error ?? null).toBeNull();

  // Somebody else changes it meanwhile.
  await workspace.configs.write('shop', `${written}# a note by hand\n`);
  expect(
    await client.call('save_config', { config_name: 'shop', yaml: mended, if_revision: revision }),
  ).toMatchObject({ isError: true, text: expect.stringMatching(/^conflict: /) });
  const again = good<{ yaml: string; revision: string }>(
    await client.call('get_config', { config_name: 'shop' }),
  );
  const final = again.yaml
    .replace('article.product_pod', 'article.card')
    .replace('.product_price .price_color', '.cost .amount');
  good(await client.call('save_config', { config_name: 'shop', yaml: final, if_revision: again.revision }));
  expect(readFileSync(join(workspace.paths.configs, 'shop.yaml'), 'utf8')).toBe(final);

  const repaired = await runJob();
  expect(repaired).toMatchObject({ status: 'succeeded', items: 40 });
  expect(
    good(
      await client.call('compare_runs', {
        run_id: repaired.run_id,
        with_run_id: healthy.run_id,
        key: 'link',
      }),
    ),
  ).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: 40 });
});
