import { describe, expect, it } from 'vitest';
import { subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { findDraft } from '../../../../src/tui/features/config-editor/config-state.ts';
import { press } from '../../some-state.ts';
import { afterEvents, configRow, homeWith } from './some-configs.ts';
import { found, opened, rowsOf, subscription, take, wordsOf } from './some-repairs.ts';

describe('f in the repair', () => {
  const none = () =>
    found(opened(homeWith(configRow('shop')), 0), { page: 'none', before: null, broken: [] });
  const live = {
    page: 'live',
    after: { rows: 20, matches: { title: 20, price: 20 }, first: { title: 'Dune', price: '£10.80' } },
  } as const;

  it('fetches the live page, which only this key does, and Esc cancels', () => {
    expect(subscription(opened(), 'repairs')).toMatchObject({ isLive: false });
    const asked = press(none(), 'f').state;
    expect(subscription(asked, 'repairs')).toMatchObject({ runId: 'broken', isLive: true });
    expect(rowsOf(asked).join('\n')).toContain('Fetching https://shop.example/ (live page)');
    expect(press(asked, 'f').state.notices.at(-1)?.text).toContain('still searched for');
    const cancelled = press(asked, 'escape').state;
    expect(subscriptionsOf(cancelled).map(({ kind }) => kind)).not.toContain('repairs');
    expect(wordsOf(cancelled)).toBe('Cancelled. f fetches the live page again.');
  });

  it('tries the unsaved text, not the saved one', () => {
    expect(subscription(press(none(), 'f').state, 'repairs').yaml).toBeUndefined();
    const taken = take(found(opened()), '.amount-now');
    expect(subscription(press(taken, 'f').state, 'repairs').yaml).toBe(findDraft(taken, 'shop')?.yaml);
  });

  it('proposes from it, and what is taken sends no other request', () => {
    const state = found(press(none(), 'f').state, live);
    expect(rowsOf(state).slice(0, 3)).toEqual([
      'Repair: 1 broken selector on the live page',
      'price  .price 0/40 → .amount-now 20/20 "£10.80"',
      'Enter takes it, as it was tried on the live page.',
    ]);
    const taken = take(state, '.amount-now');
    expect(subscriptionsOf(taken).map(({ kind }) => kind)).not.toContain('test_run');
    expect(rowsOf(taken).map((row) => row.trimEnd())).toEqual([
      'Repair: price is replaced',
      'Ctrl-S saves it, then r runs books again. x discards it.',
      '',
      'As tried on the live page',
      '20 items, 20 before',
      'FIELD   BEFORE      NOW  FIRST ITEM',
      'price        0       20  none → "£10.80"',
      'title       20       20  "Dune"',
    ]);
  });

  it('has its proposals not tried on a kept page that is another one', () => {
    const other = found(opened(), { isOtherPage: true, broken: [], explanation: ['The page is a sign-in.'] });
    const taken = take(found(press(other, 'f').state, live), '.amount-now');
    expect(findDraft(taken, 'shop')?.yaml).toContain('.amount-now');
    expect(subscriptionsOf(taken).map(({ kind }) => kind)).not.toContain('test_run');
  });

  it('works with --read-only', () => {
    const state = opened({ ...homeWith(configRow('shop')), readOnly: true }, 0);
    expect(subscription(press(found(state, { page: 'none' }), 'f').state, 'repairs')).toMatchObject({
      isLive: true,
    });
  });

  it('says why the page cannot be had', () => {
    const asked = press(none(), 'f').state;
    const failure = {
      code: 'invalid_config',
      message: 'https://shop.example/ answered 404',
      hint: 'See the address',
    } as const;
    const { id } = subscription(asked, 'repairs');
    const failed = afterEvents(asked, { kind: 'repairs_found', id, outcome: { ok: false, failure } });
    expect(rowsOf(failed)).toEqual([
      'The live page cannot be used',
      'https://shop.example/ answered 404',
      'See the address.',
      'f fetches the live page again.',
    ]);
  });

  it('says when nothing is broken on it, and when it is another page', () => {
    const good = found(press(none(), 'f').state, { page: 'live', broken: [] });
    expect(wordsOf(good)).toContain('All selectors of this text match on the live page. r runs it again.');
    const explanation = ['The page asks for a sign-in; the selectors are not at fault.'];
    const other = found(press(none(), 'f').state, {
      page: 'live',
      isOtherPage: true,
      broken: [],
      explanation,
    });
    expect(wordsOf(other)).toContain('The page asks for a sign-in');
  });
});
