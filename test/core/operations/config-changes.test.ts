import { expect } from 'vitest';
import { it, refusal } from './open-home.ts';

it('refuses an object in words of YAML where a list of names and values wants JSON', async ({ call }) => {
  const changes = [{ name: 'selectors', value: '{b: b}' }] as never;
  const error = await refusal(call('save_config', { config_name: 'books', changes, dry_run: true }));
  expect(error).toMatchObject({ code: 'invalid_params' });
  expect(error.message).toContain('JSON');
});

it('leads state to the filter', async ({ call }) => {
  const error = await refusal(call('list_jobs', { state: 'failed' } as never));
  expect(error.issues?.[0]?.hint ?? error.hint).toContain('state:failed');
});
