import { describe, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { describeEntry } from '../../../../src/tui/features/undo/journal.ts';
import type { CallEffect, ConfigBefore } from '../../../../src/tui/kernel/call.ts';
import type { Event, State } from '../../../../src/tui/kernel/model.ts';
import { press, someState } from '../../some-state.ts';

const OLD = { yaml: 'url: https://a.example/\n', revision: 'r1' };
const NEW = { yaml: 'url: https://b.example/\n', revision: 'r2' };

it('a configuration that was deleted here is stored again as it was, and deleted again', () => {
  const deleted = answered(someState(), 'delete_config', {
    output: { deleted: true },
    wasConfig: { name: 'a', version: OLD, yaml: null },
  });
  const undone = press(deleted, 'u');
  expect(undone.effects).toMatchObject([
    { name: 'save_config', params: { config_name: 'a', yaml: OLD.yaml }, isUndo: true },
  ]);
  const back = done(undone, { created: true, changed: true, revision: 'r1' });
  expect(back.notices.at(-1)?.text).toBe('a was restored.');
  const again = press(back, 'ctrl+r', 'y').effects;
  expect(again).toMatchObject([{ name: 'delete_config', params: { config_name: 'a', if_revision: 'r1' } }]);
});

describe('a configuration that was saved here', () => {
  it('is restored, and changed again, each over the known version', () => {
    const state = saved(OLD, NEW);
    expect(words(state)).toEqual(['Changed the configuration a']);
    const undone = press(state, 'u');
    expect(undone.effects).toMatchObject([
      { name: 'save_config', params: { config_name: 'a', yaml: OLD.yaml, if_revision: 'r2' } },
    ]);
    const back = done(undone, { created: false, changed: true, revision: 'r1' });
    expect(back.notices.at(-1)?.text).toBe('a was changed back.');
    const redone = press(back, 'ctrl+r');
    expect(redone.effects).toMatchObject([
      { name: 'save_config', params: { config_name: 'a', yaml: NEW.yaml, if_revision: 'r1' } },
    ]);
    expect(done(redone, { created: false, changed: true, revision: 'r2' }).notices.at(-1)?.text).toBe(
      'a was changed again.',
    );
  });

  it('saved for the first time is deleted after a confirmation', () => {
    const state = saved(null, NEW);
    expect(words(state)).toEqual(['Created the configuration a']);
    expect(press(state, 'u').effects).toEqual([]);
    expect(press(state, 'u', 'y').effects).toMatchObject([
      { name: 'delete_config', params: { config_name: 'a', if_revision: 'r2' } },
    ]);
  });

  it('keeps a change made elsewhere, and the change before it comes next', () => {
    const earlier = saved(null, OLD);
    const state = saved(OLD, NEW, earlier);
    const asked = press(state, 'u');
    const { tag = '' } = asked.effects[0] as CallEffect;
    const failure = { code: 'conflict', message: 'a was changed meanwhile', field: 'if_revision' };
    const kept = reduce(asked.state, {
      ...{ kind: 'answer', name: 'save_config', tag, quiet: true, ok: false, failure },
    } as unknown as Event).state;
    expect(kept.notices.at(-1)?.text).toMatch(/^a was not changed back: a was changed meanwhile/);
    expect(press(kept, 'u', 'y').effects).toMatchObject([
      { name: 'delete_config', params: { config_name: 'a', if_revision: 'r1' } },
    ]);
  });

  it('is no change when it was only checked, refused, or the same as before', () => {
    expect(
      words(answered(someState(), 'save_config', { output: { changed: true, revision: 'r2' } })),
    ).toEqual([]);
    expect(words(saved(NEW, NEW, someState(), false))).toEqual([]);
  });
});

it('a version that was restored from the trash is taken back as any other change', () => {
  const state = reduce(someState(), { kind: 'config_restored', name: 'a', before: NEW, after: OLD }).state;
  expect(words(state)).toEqual(['Changed the configuration a']);
  expect(press(state, 'u').effects).toMatchObject([
    { name: 'save_config', params: { config_name: 'a', yaml: NEW.yaml, if_revision: 'r1' } },
  ]);
});

interface Version {
  yaml: string;
  revision: string;
}

function saved(before: Version | null, after: Version, state = someState(), changed = true): State {
  return answered(state, 'save_config', {
    output: { created: before === null, changed, revision: after.revision, warnings: [] },
    wasConfig: { name: 'a', version: before, yaml: after.yaml },
  });
}

function answered(
  state: State,
  name: 'save_config' | 'delete_config',
  answer: { output: object; wasConfig?: ConfigBefore },
): State {
  return reduce(state, { kind: 'answer', name, tag: 'elsewhere', ok: true, ...answer } as unknown as Event)
    .state;
}

/** The call that was made last has ended well. */
function done({ state, effects }: ReturnType<typeof press>, output: object): State {
  const { name, tag } = effects[0] as CallEffect;
  return reduce(state, { kind: 'answer', name, tag, quiet: true, ok: true, output } as unknown as Event)
    .state;
}

function words({ journal }: State): string[] {
  return journal.entries.map(describeEntry);
}
