import { describe, expect, it } from 'vitest';
import { ACTIONS, reachableActions } from '../../../src/tui/app/actions.ts';
import { reduce } from '../../../src/tui/app/reduce.ts';
import { type Scope, scopesOf } from '../../../src/tui/kernel/action.ts';
import { nameOfChar } from '../../../src/tui/runtime/input/key-names.ts';
import { KeyReader } from '../../../src/tui/runtime/input/keyboard.ts';
import { press, someState } from '../some-state.ts';

describe('the table of actions', () => {
  it('gives no id twice', () => {
    const ids = ACTIONS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('gives no key to two actions that can be reached at once, nor one that begins a chord of another', () => {
    for (const [at, one] of ACTIONS.entries()) {
      for (const other of ACTIONS.slice(at + 1)) {
        if (!scopesOverlap(scopesOf(one), scopesOf(other))) continue;
        for (const key of one.keys)
          for (const next of other.keys)
            expect(collide(key, next), `${one.id} (${key}) and ${other.id} (${next})`).toBe(false);
      }
    }
  });

  it('names only keys that a terminal can send, none of them a function key, whose sequences differ', () => {
    for (const { id, keys } of ACTIONS)
      for (const key of keys.flatMap((chord) => chord.split(' ')))
        expect(SENDABLE.has(key) || /^(ctrl|alt)\+[a-z]$/.test(key), `${id}: ${key}`).toBe(true);
  });

  it('keeps what changes something from being done by holding a key or by Caps Lock', () => {
    for (const action of ACTIONS.filter(({ changes }) => changes)) {
      for (const key of action.keys) {
        const again = key.split(' ');
        const repeated = again.length > 1 && new Set(again).size === 1;
        const capital = /^[A-Z]$/.test(key);
        if (!repeated && !capital) continue;
        const { effects } = action.perform(someState());
        expect(effects, `${action.id} (${key}) has to ask first`).toEqual([]);
      }
    }
  });

  it('leaves nothing that changes the home reachable with --read-only', () => {
    const state = someState({ readOnly: true });
    for (const action of reachableActions(state).filter(({ changes }) => changes)) {
      for (const key of action.keys) {
        const { state: after, effects } = press(state, ...key.split(' '));
        expect(effects).toEqual([]);
        expect(after.notices.at(-1)?.text).toContain('--read-only');
      }
    }
  });

  it('marks each action that calls something that is no mere look as changing', () => {
    for (const { id, changes, perform } of ACTIONS) {
      const calls = perform(someState()).effects.filter((effect) => effect.kind === 'call');
      const changing = calls.filter(({ name }) => !/^(get|list|preview|compare|forecast)_/.test(name));
      if (changing.length > 0) expect(changes, id).toBe(true);
    }
  });

  it('always lets out with Ctrl-C, also from a dialog', () => {
    for (const dialog of [
      undefined,
      press(someState(), ':').state.dialog,
      press(someState(), '?').state.dialog,
    ]) {
      const [input] = new KeyReader().read('\u0003');
      if (input === undefined) throw new TypeError('no key');
      expect(reduce(someState({ dialog }), input).effects).toEqual([{ kind: 'quit', exitCode: 130 }]);
    }
  });
});

const SENDABLE = new Set([
  ...Array.from({ length: 94 }, (_, at) => nameOfChar(String.fromCharCode(33 + at))),
  ...[
    'space',
    'enter',
    'escape',
    'tab',
    'shift+tab',
    'backspace',
    'delete',
    'insert',
    'home',
    'end',
    'pageup',
  ],
  ...[
    'pagedown',
    'up',
    'down',
    'left',
    'right',
    'ctrl+left',
    'ctrl+right',
    'ctrl+up',
    'ctrl+down',
    'ctrl+space',
  ],
  ...['shift+up', 'shift+down', 'shift+left', 'shift+right', 'alt+enter', 'alt+up', 'alt+down', 'ctrl+_'],
]);

/** Whether there is a view and pane in which both count. */
function scopesOverlap(one: readonly Scope[], other: readonly Scope[]): boolean {
  return one.some((first) => other.some((second) => scopesMeet(first, second)));
}

function scopesMeet(one: Scope, other: Scope): boolean {
  if (one === 'everywhere' || other === 'everywhere') return true;
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

function collide(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}
