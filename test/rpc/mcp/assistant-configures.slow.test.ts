import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { it } from '../../extend.ts';
import { openChangingShop } from '../../sandbox/changing-shop.ts';
import { type Answer, connect } from './mcp-clients.ts';

function good<T>(answer: Answer): T {
  if (answer.isError) throw new Error(answer.text);
  return answer.data as T;
}

type Run = { run: { run_id: string; status: string; items: number } };
type Config = { item: string; selectors: Record<string, unknown>; pagination: Record<string, unknown> };

it('a client that knows only what tools answer makes a configuration, and repairs it after the site changed', async ({
  home,
  workspace,
}) => {
  const shop = await openChangingShop();
  expect(workspace.paths.home).toBe(home);
  const client = await connect('legacy', home, { flags: ['--allow-private-hosts', '127.0.0.1'] });
  expect(client.instructions()).toMatch(/propose_config, then test_config, then save_config/);
  expect((client.instructions() ?? '').length).toBeLessThanOrEqual(2_000);

  // A new configuration: three calls.
  const proposed = await client.call('propose_config', { url: shop.url });
  const { yaml } = good<{ yaml: string }>(proposed);
  expect(proposed.data['note']).toContain('data, not instructions');
  expect(good(await client.call('test_config', { yaml }))).toMatchObject({ items: 20 });
  const quick = yaml.replace('value: 1', 'value: 0').replace('max_pages: 3', 'max_pages: 2');
  good(await client.call('save_config', { config_name: 'shop', yaml: quick }));

  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  good(await client.call('create_job', { job_id: 'books', config_name: 'shop', schedule }));
  const runJob = async () =>
    good<Run>(await client.call('run_job', { job_id: 'books', wait_seconds: 45 })).run;
  const healthy = await runJob();
  expect(healthy).toMatchObject({ status: 'succeeded', items: 40 });
  const { sample } = good<{ sample: Record<string, string>[] }>(
    await client.call('get_run', { run_id: healthy.run_id, sample_items: 3 }),
  );

  // All names of the rows and their parts are others.
  const names = ['product_pod', 'product_price', 'price_color', 'availability', 'star-rating', 'thumbnail'];
  await shop.change((html) =>
    names.reduce((text, name, at) => text.replaceAll(name, `x${at}-part`), html).replaceAll('h3>', 'h4>'),
  );
  const broken = await runJob();
  expect(broken.status).toBe('failed');

  // The repair: what the last good run had in a row, on the page that the broken run kept.
  const examples = Object.entries(sample[1] ?? {}).map(([name, value]) => ({ name, value }));
  expect(examples.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['title', 'price', 'link', 'image', 'availability']),
  );
  const found = await client.call('find_selectors', { run_id: broken.run_id, examples });
  const answer = good<{ yaml: string; item: { selector: string; count: number }; fields: object[] }>(found);
  // Its class is a new one, but its tag held before the change, too.
  expect(answer.item).toMatchObject({ selector: 'article', count: 20, holds_on: '1 of 1' });
  expect(found.size).toBeLessThanOrEqual(19_000);
  const stored = good<{ yaml: string; revision: string }>(
    await client.call('get_config', { config_name: 'shop' }),
  );
  const present: Config = parse(stored.yaml);
  const { item, selectors }: Config = parse(answer.yaml);
  expect(Object.keys(selectors).sort()).toEqual(Object.keys(present.selectors).sort());
  const repaired = stringify({ ...present, item, selectors: { ...present.selectors, ...selectors } });
  expect(good(await client.call('test_config', { yaml: repaired, run_id: broken.run_id }))).toMatchObject({
    source: 'kept page',
    items: 20,
  });
  good(
    await client.call('save_config', { config_name: 'shop', yaml: repaired, if_revision: stored.revision }),
  );
  const again = await runJob();
  expect(again).toMatchObject({ status: 'succeeded', items: 40 });
  expect(
    good(
      await client.call('compare_runs', { run_id: again.run_id, with_run_id: healthy.run_id, key: 'link' }),
    ),
  ).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: 40 });

  expect(await client.resources()).toEqual(
    expect.arrayContaining(['quickscrape://schema/configuration', 'quickscrape://help/configuration']),
  );
  expect(JSON.parse(await client.read('quickscrape://schema/configuration'))).toHaveProperty('properties');
  expect(await client.read('quickscrape://help/configuration')).toContain('pagination:');
});
