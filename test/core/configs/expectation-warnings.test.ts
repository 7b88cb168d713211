import { expect } from 'vitest';
import { DAILY, it } from '../operations/open-home.ts';

const SHOP =
  'url: https://shop.example/\nitem: li\nselectors: {title: b, price: i}\nfollow: {link: a, selectors: {isbn: code}}\n';

it('a job whose expectations name fields that its configuration lacks is warned of', async ({
  workspace,
  call,
}) => {
  await workspace.configs.write('shop', SHOP);
  const expectations = {
    required_fields: ['title', 'pirce', 'isbn'],
    min_fill_percent: { price: 90, stock: 50 },
  };
  const { warnings } = await call('create_job', {
    ...{ job_id: 'a', config_name: 'shop', schedule: DAILY, expect: expectations },
  });
  expect(warnings).toContain(
    'expect.required_fields: configuration shop has no field pirce, so every run would fail. Did you mean price?',
  );
  expect(warnings).toContain(
    'expect.min_fill_percent: configuration shop has no field stock, so every run would fail. Allowed: title, price, isbn',
  );
  expect(warnings.filter((text) => text.startsWith('expect'))).toHaveLength(2);
  const fixed = { expect: { required_fields: ['title'] } };
  expect((await call('update_job', { job_id: 'a', changes: fixed })).warnings.join()).not.toContain('expect');
  const worse = { expect: { required_fields: ['name'] } };
  expect(
    (await call('update_job', { job_id: 'a', changes: worse, dry_run: true })).warnings.join(),
  ).toContain('has no field name');
});

it('a configuration that cannot be read is no reason for such a warning', async ({ workspace, call }) => {
  await workspace.configs.write('shop', '- not a map\n');
  const { warnings } = await call('create_job', {
    ...{ job_id: 'a', config_name: 'shop', schedule: DAILY, expect: { required_fields: ['name'] } },
  });
  expect(warnings.join()).not.toContain('expect.');
});
