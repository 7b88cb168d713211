import { expect, it } from 'vitest';
import { reduce } from '../../../src/tui/reduce.ts';
import type { CallEffect } from '../../../src/tui/state/effect.ts';
import type { Event } from '../../../src/tui/state/event.ts';
import { press, someState } from '../some-state.ts';

it('a configuration that was deleted here is stored again as it was, and deleted again', () => {
  const version = { yaml: 'url: https://a.example/\n', revision: 'r1' };
  const deleted = reduce(someState(), {
    ...{ kind: 'answer', name: 'delete_config', tag: 'configs.delete:a', ok: true },
    ...{ output: { deleted: true }, wasConfig: { name: 'a', version } },
  } as const).state;
  const undone = press(deleted, 'u');
  const [call] = undone.effects;
  expect(undone.effects).toMatchObject([
    { name: 'save_config', params: { config_name: 'a', yaml: version.yaml } },
  ]);
  const { tag = '' } = call as CallEffect;
  const output = { created: true, changed: true, revision: 'r1' };
  const back = reduce(undone.state, {
    ...{ kind: 'answer', name: 'save_config', tag, quiet: true, ok: true, output },
  } as unknown as Event).state;
  expect(back.notices.at(-1)?.text).toBe('a was brought back.');
  const again = press(back, 'ctrl+r', 'y').effects;
  expect(again).toMatchObject([{ name: 'delete_config', params: { config_name: 'a', if_revision: 'r1' } }]);
});
