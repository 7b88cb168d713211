import { expect, it } from 'vitest';
import { SETTING_KEYS, SETTING_RULES } from '../../../src/core/settings/setting-rules.ts';
import { reviewSetting } from '../../../src/rpc/access/setting-policy.ts';
import { refusal } from '../../core/operations/open-home.ts';

const review = (...args: Parameters<typeof reviewSetting>) => refusal((async () => reviewSetting(...args))());

it.each([
  ['max_runs_per_host', 1, 2],
  ['max_concurrent_runs', 4, 4],
  ['min_free_space', 500, 50],
  ['trash_days', 1, 30],
  ['timezone', 'UTC', 'Europe/Berlin'],
] as const)('clients may set %s to %s, from %s', (name, value, present) => {
  expect(() => reviewSetting(name, value, present)).not.toThrow();
});

it.each([
  ['max_runs_per_host', 3, 2],
  ['max_concurrent_runs', 100, 4],
  ['min_free_space', 0, 50],
  ['respect_robots', false, true],
  ['browser_path', '/bin/sh', null],
  ['user_agent', 'Mozilla/5.0 (X)', null],
  ['executor_redis', 'redis://elsewhere:6379', null],
  ['notify', [{ channel: 'team' }], []],
] as const)('clients may not set %s to %s, from %s', async (name, value, present) => {
  const error = await review(name, value, present);
  expect(error).toMatchObject({ code: 'not_allowed', field: 'name' });
  expect(error.hint).toMatch(new RegExp(`^The person runs: .* config set ${name} `));
  expect(error.hint).not.toContain('[object');
});

it('a new setting is the person’s until somebody decides otherwise', async () => {
  const free = SETTING_KEYS.filter((name) => {
    try {
      reviewSetting(name, SETTING_RULES[name].fallback(), SETTING_RULES[name].fallback());
      return true;
    } catch {
      return false;
    }
  });
  expect(free.sort()).toEqual(
    [
      'default_output_format',
      'keep_runs',
      'max_concurrent_runs',
      'max_runs_per_host',
      'min_free_space',
      'request_timeout',
      'run_grace',
      'timezone',
      'trash_days',
    ].sort(),
  );
});

it('the command for the person has a list as JSON, and no part of a command', async () => {
  const notify = [{ channel: 'me', on: ['failure'] }];
  const { hint } = await review('notify', notify, []);
  expect(hint).toContain(` config set notify '[{"channel":"me","on":["failure"]}]'.`);
  for (const value of [[{ channel: "'; rm -rf ~ #" }], { a: '$(id)' }, [{ channel: 'x'.repeat(5_000) }]])
    expect((await review('notify', value, [])).hint).toContain(' config set notify VALUE.');
});
