import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../../src/tui/app/actions.ts';
import { VIEWS } from '../../../src/tui/app/features.ts';
import { bindKeys } from '../../../src/tui/kernel/key-bindings.ts';
import type { View, ViewName } from '../../../src/tui/kernel/model.ts';
import { press, someState } from '../some-state.ts';

const RUN = { jobId: 'news', runId: 'r1' };

describe('a key that does nothing', () => {
  it.each(Object.keys(VIEWS) as ViewName[])('is answered in the view %s', (name) => {
    const views = [{ name: 'jobs' }, { name, ...RUN } as View] as const;
    const { state, effects } = press(someState({ views }), 'X');
    expect(state.notices.at(-1)).toMatchObject({
      tone: 'info',
      text: 'No key X here. ? lists the keys.',
    });
    expect(effects).toEqual([]);
  });

  it('is answered once when it does not go on with a chord', () => {
    expect(press(someState(), 'g', 'X').state.notices).toHaveLength(1);
  });

  it('is named as people name it', () => {
    const said = (key: string) => press(someState(), key).state.notices.at(-1)?.text;
    expect(said('f5')).toMatch(/^No key F5 here/);
    expect(said('ctrl+y')).toMatch(/^No key Ctrl-Y here/);
  });

  it('is answered with the key that the help has, if it has one', () => {
    const said = (keys: readonly string[]) => {
      const { bindings } = bindKeys(ACTIONS, new Map([['help.open', keys]]));
      return press(someState({ keys: bindings }), 'X').state.notices.at(-1)?.text;
    };
    expect(said(['ctrl+g'])).toBe('No key X here. Ctrl-G lists the keys.');
    expect(said([])).toBe('No key X here.');
  });

  it('says nothing where it is text, or when it is Esc', () => {
    for (const keys of [
      ['/', 'X'],
      ['g', 'escape'],
      ['escape', 'escape'],
    ])
      expect(
        press(someState(), ...keys)
          .state.notices.map(({ text }) => text)
          .join(),
      ).not.toContain('No key');
  });
});
