import { describe, expect, it } from 'vitest';
import type { BrokenSelector } from '../../../../src/core/quality/broken-selectors.ts';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { findDraft } from '../../../../src/tui/features/config-editor/config-state.ts';
import { runRows, testRunRows } from '../../../../src/tui/features/config-editor/result-rows.ts';
import type { CallEffect } from '../../../../src/tui/kernel/call.ts';
import type { Event, State } from '../../../../src/tui/kernel/model.ts';
import { visibleNotice } from '../../../../src/tui/kernel/notices.ts';
import { rowText } from '../../row-text.ts';
import { press } from '../../some-state.ts';
import { afterEvents, answerTo, brokenRun, callOf, configRow, homeWith, YAML } from './some-configs.ts';
import {
  found,
  keysOf,
  opened,
  PRICE,
  repairs,
  rowsOf,
  subscription,
  take,
  wordsOf,
  written,
} from './some-repairs.ts';

const TITLE: BrokenSelector = {
  ...{ part: 'field', field: 'title', path: 'selectors.title', selector: 'h3', matched: 3, usual: 40 },
  proposal: {
    ...{ filled: 20, rows: 20, first: 'Dune', basis: 'similar_name' },
    value: { selector: 'h3', attribute: 'title' },
  },
};

describe('R on a job whose run has failed', () => {
  it('looks for what is broken, which Esc cancels and R repeats', () => {
    const state = opened();
    expect(subscription(state, 'repairs')).toMatchObject({ runId: 'broken' });
    expect(rowsOf(state).join('\n')).toContain('Looking for what is broken');
    const cancelled = press(state, 'escape').state;
    expect(cancelled.views).toEqual(state.views);
    expect(subscriptionsOf(cancelled).map(({ kind }) => kind)).not.toContain('repairs');
    expect(rowsOf(cancelled)[0]).toContain('R looks for broken selectors again');
    expect(subscription(press(cancelled, 'R').state, 'repairs').id).not.toBe(
      subscription(state, 'repairs').id,
    );
  });

  it('keeps no key refused that works once the search has ended', () => {
    const refused = press(opened(), 'A').state;
    expect(visibleNotice(refused)?.text).toContain('They are still searched for.');
    expect(visibleNotice(found(refused))).toBeUndefined();
  });

  it('has no process check the text until the search has ended', () => {
    const kinds = (state: State) => subscriptionsOf(state).map(({ kind }) => kind);
    expect(kinds(opened())).not.toContain('config_check');
    expect(kinds(found(opened()))).toContain('config_check');
  });

  it('shows the broken selector with its proposal in one row, and names Enter', () => {
    const state = found(opened());
    expect(rowsOf(state)).toEqual([
      'Repair: 1 broken selector',
      'price  .price 0/40 → .amount-now 20/20 "£10.80"',
      'Enter takes it and tries it on the kept page.',
      'It holds the values that were there before.',
    ]);
    expect(keysOf(state)[0]).toBe('Enter take it');
  });

  it('cuts nothing where the row is too long', () => {
    const selector = 'section.products > article:not(.sold-out) .price_current span.amount';
    const state = opened(homeWith(configRow('shop', YAML.replace(': .price', `: ${selector}`))));
    const text = rowsOf(found(state, { broken: [{ ...PRICE, selector }] }), 40).join(' ');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`${selector} 0/40 → .amount-now 20/20 "£10.80"`);
  });

  it('says what failed while it was looked for', () => {
    const state = opened();
    const failure = {
      code: 'internal',
      message: 'shop.yaml: the page was not compared',
      hint: 'Try.',
    } as const;
    const { id } = subscription(state, 'repairs');
    const failed = afterEvents(state, { kind: 'repairs_found', id, outcome: { ok: false, failure } });
    expect(wordsOf(failed)).toBe(
      'Repair shop.yaml: the page was not compared Try. R looks for broken selectors again.',
    );
  });

  it('ignores what an earlier search has found', () => {
    const state = opened();
    const { id } = subscription(state, 'repairs');
    const again = press(press(state, 'escape').state, 'R').state;
    const late = afterEvents(again, { kind: 'repairs_found', id, outcome: { ok: true, found: repairs() } });
    expect(late.configs.editor).toBe(again.configs.editor);
  });
});

describe('Enter', () => {
  it('has the selector written at its place, and tries the text on the kept page', () => {
    const asked = press(found(opened()), 'enter').state;
    expect(subscription(asked, 'write_selector')).toMatchObject({
      ...{ name: 'shop', yaml: YAML },
      changes: { 'selectors.price': '.amount-now' },
    });
    const edited = YAML.replace(': .price', ': .amount-now');
    const state = afterEvents(
      asked,
      written(asked, () => edited),
    );
    expect(findDraft(state, 'shop')?.yaml).toBe(edited);
    expect(subscription(state, 'test_run').params).toMatchObject({ yaml: edited, run_id: 'broken' });
    expect(rowsOf(state)).toEqual([
      'Repair: price is replaced',
      'Ctrl-S saves it, then r runs books again. w tests it on the live page. x discards it.',
    ]);
  });

  it('waits while it is searched, and is then taken', () => {
    expect(rowsOf(opened())[1]).toBe('Enter takes what it finds. Esc cancels it.');
    const waiting = press(opened(), 'enter').state;
    expect(rowsOf(waiting)[1]).toBe('Enter pressed: the proposal is taken when it is found. Esc cancels.');
    expect(subscription(waiting, 'repairs').id).toBe(subscription(opened(), 'repairs').id);
    expect(press(waiting, 'enter').state.notices.at(-1)?.text).toContain('It is taken when it is found.');
    expect(subscription(found(waiting), 'write_selector').changes).toEqual({
      'selectors.price': '.amount-now',
    });
  });

  it('takes nothing after Esc, nor where nothing is proposed', () => {
    const waiting = press(opened(), 'enter').state;
    const kinds = (state: State) => subscriptionsOf(state).map(({ kind }) => kind);
    const again = press(press(waiting, 'escape').state, 'R').state;
    expect(kinds(found(again))).not.toContain('write_selector');
    const { proposal: _, ...broken } = PRICE;
    expect(kinds(found(waiting, { broken: [broken] }))).not.toContain('write_selector');
  });

  it('shows what the rows were and are, the changed field first', () => {
    const state = take(found(opened()), '.amount-now');
    const { id } = subscription(state, 'test_run');
    const output = {
      ...{ pages: 1, items: 20, warnings: [], error: null, sample: [{ title: 'Dune', price: '£10.80' }] },
      matches: [
        { part: 'field', field: 'title', selector: 'h3', matched: 20, pages: 1 },
        { part: 'field', field: 'price', selector: '.amount-now', matched: 20, pages: 1 },
      ],
    } as never;
    const tested = afterEvents(state, { kind: 'test_run_ended', id, outcome: { ok: true, output } });
    const rows = testRunRows(tested, 100).map((row) => rowText(row).trimEnd());
    expect(rows.slice(0, 5)).toEqual([
      'Test on the page that run broken kept',
      '20 items from 1 page, 20 before',
      'FIELD   BEFORE      NOW  FIRST ITEM',
      'price        0       20  none → "£10.80"',
      'title       20       20  "Dune"',
    ]);
  });

  it('takes nothing twice, and nothing for a text that was edited meanwhile', () => {
    const asked = press(found(opened()), 'enter').state;
    expect(press(asked, 'enter').state.notices.at(-1)?.text).toContain('being written');
    const edit = { kind: 'text_edited', tag: 'configs.edit:shop', text: `${YAML}# x\n` } as const;
    const late = afterEvents(
      asked,
      edit,
      written(asked, (yaml) => yaml),
    );
    expect(findDraft(late, 'shop')?.yaml).toBe(`${YAML}# x\n`);
    expect(late.notices.at(-1)?.text).toContain('changed meanwhile');
  });

  it('says why a place cannot be changed alone', () => {
    const asked = press(found(opened()), 'enter').state;
    const failure = { code: 'invalid_params', message: 'changes: aliases', hint: 'Give yaml.' } as const;
    const { id } = subscription(asked, 'write_selector');
    const failed = afterEvents(asked, { kind: 'selector_written', id, outcome: { ok: false, failure } });
    expect(failed.notices.at(-1)?.text).toContain('e edits the text.');
    expect(findDraft(failed, 'shop')).toBeUndefined();
  });

  it('is followed by Ctrl-S and r, which the footer names first', () => {
    const state = take(found(opened()), '.amount-now');
    const check = answerTo(checkOf(state), { output: { warnings: [] } });
    const checked = afterEvents(state, check);
    expect(keysOf(checked)[0]).toBe('Ctrl-S save');
    const { state: saving, effects } = press(checked, 'ctrl+s');
    const saved = afterEvents(
      saving,
      answerTo(callOf(effects, 'save_config'), { output: { file: 'x', revision: 'r2', warnings: [] } }),
    );
    expect(wordsOf(saved)).toContain('Saved. r runs books again.');
    expect(keysOf(saved)[0]).toBe('r run again');
    expect(callOf(press(saved, 'r').effects, 'run_job').params).toEqual({ job_id: 'books' });
  });

  it('lets r run nothing until what it takes is saved', () => {
    const waiting = press(opened(), 'enter').state;
    const early = press(waiting, 'r');
    expect(early.effects).toEqual([]);
    expect(visibleNotice(early.state)?.text).toContain('The proposal is taken first.');
    const asked = found(early.state);
    expect(visibleNotice(asked)).toBeUndefined();
    expect(subscription(asked, 'write_selector').changes).toEqual({ 'selectors.price': '.amount-now' });
    const duringWriting = press(asked, 'r');
    expect(duringWriting.effects).toEqual([]);
    expect(press(asked, 'ctrl+s').state.notices.at(-1)?.text).toContain('is being written into the text');
  });

  it('is followed by Ctrl-S and r while the text is checked, which then save and run', () => {
    const state = take(found(opened()), '.amount-now');
    const check = checkOf(state);
    expect(keysOf(state)[0]).toBe('Ctrl-S save');
    const early = press(state, 'ctrl+s');
    expect(early.effects).toEqual([]);
    expect(visibleNotice(early.state)?.text).toBe('shop is saved when it is checked.');
    expect(wordsOf(early.state)).toContain(
      'Ctrl-S pressed: it is saved when it is checked. r then runs books.',
    );
    expect(press(early.state, 'ctrl+s').state.notices.at(-1)?.text).toContain(
      'It is saved when it is checked.',
    );
    const both = press(early.state, 'r');
    expect(both.effects).toEqual([]);
    expect(wordsOf(both.state)).toContain('r pressed: books runs when it is saved.');
    const saving = reduce(both.state, answerTo(check, { output: { warnings: [] } }));
    const saved = reduce(
      saving.state,
      answerTo(callOf(saving.effects, 'save_config'), {
        output: { file: 'x', revision: 'r2', warnings: [] },
      }),
    );
    expect(callOf(saved.effects, 'run_job').params).toEqual({ job_id: 'books' });
  });

  it('tries, with --read-only, and says that nothing is saved', () => {
    const state = take(found(opened({ ...homeWith(configRow('shop')), readOnly: true })), '.amount-now');
    expect(wordsOf(state)).toContain('nothing is saved');
    expect(subscription(state, 'test_run').params).toMatchObject({ run_id: 'broken' });
  });
});

/** The check of a draft, as it was called. */
function checkOf(state: State): CallEffect {
  const draft = findDraft(state, 'shop');
  return {
    ...{ kind: 'call', name: 'save_config', quiet: true, tag: `configs.check:${draft?.id}:shop` },
    params: { config_name: 'shop', yaml: draft?.yaml ?? '', dry_run: true },
  };
}

describe('several broken selectors', () => {
  const both = () => found(opened(), { broken: [TITLE, PRICE] });

  it('are repaired in turn; n goes to the next one', () => {
    expect(rowsOf(both())[1]).toBe('title  h3 3/40 → h3 @title 20/20 "Dune"');
    const next = press(both(), 'n').state;
    expect(rowsOf(next)[1]).toMatch(/^price /);
    const state = take(next, '.amount-now');
    expect(rowsOf(state)).toEqual([
      'Repair: 1 broken selector',
      'title  h3 3/40 → h3 @title 20/20 "Dune"',
      'Enter takes it and tries it on the kept page.',
      'It stands in the same place: see whether the value is right.',
      'price, replaced:  .price 0/40 → .amount-now 20/20 "£10.80"',
    ]);
    expect(press(state, 'n').state.notices.at(-1)?.text).toContain('There is 1 broken selector.');
    const asked = press(state, 'enter').state;
    expect(subscription(asked, 'write_selector').changes).toEqual({
      'selectors.title': { selector: 'h3', attribute: 'title' },
    });
    const object = '{ selector: h3, attribute: title }';
    const done = afterEvents(
      asked,
      written(asked, (yaml) => yaml.replace('title: h3', `title: ${object}`)),
    );
    expect(rowsOf(done)[0]).toBe('Repair: title, price are replaced');
  });

  it('are replaced at once by A', () => {
    expect(wordsOf(both())).toContain('n goes to the next one. A takes all.');
    const asked = press(both(), 'A').state;
    expect(subscription(asked, 'write_selector').changes).toEqual({
      'selectors.title': { selector: 'h3', attribute: 'title' },
      'selectors.price': '.amount-now',
    });
    expect(press(asked, 'A').state.notices.at(-1)?.text).toContain('being written');
    expect(press(found(opened()), 'A').state.notices.at(-1)?.text).toContain('There is 1 proposal.');
  });

  it('are broken again once the changes are discarded', () => {
    const state = press(take(press(both(), 'n').state, '.amount-now'), 'x').state;
    expect(rowsOf(state)[0]).toBe('Repair: 2 broken selectors');
  });
});

it('of a field that some rows lack, says that the others stay as they are', () => {
  const proposal = {
    ...PRICE.proposal,
    value: '.price, .special',
    basis: 'similar_name',
  } as BrokenSelector['proposal'];
  const state = found(opened(), { broken: [{ ...PRICE, matched: 37, gaps: 3, proposal }] });
  expect(rowsOf(state).slice(1)).toEqual([
    'price  .price 37/40 → .price, .special 20/20 "£10.80"',
    'Enter takes it and tries it on the kept page.',
    '3 rows of the page lack price; the second selector has it there. The others stay as they are.',
  ]);
});

describe('without a proposal', () => {
  it('says how far the selector gets, and what to press', () => {
    const { proposal: _, ...broken } = PRICE;
    const nearest = { prefix: '.box', matched: 20, missing: '.price', near: ['.cost ×20'] };
    const state = found(opened(), { broken: [{ ...broken, nearest }] });
    expect(rowsOf(state)).toEqual([
      'Repair: 1 broken selector',
      'price  .price 0/40',
      'No other selector on the kept page holds what price held.',
      '.box matches 20, and there is no .price in it; near are .cost ×20.',
      'If the site no longer shows price, take it out of the text.',
      'p shows the page, e edits the text, t tries it. f looks on the live page.',
    ]);
    expect(press(state, 'enter').state.notices.at(-1)?.text).toContain('no proposal for price: e edits');
  });

  it('says that the run kept no page, and that f fetches the live one', () => {
    const { proposal: _, ...broken } = PRICE;
    const state = found(opened(homeWith(configRow('shop')), 0), {
      ...{ page: 'none', before: null },
      broken: [{ ...broken, path: null }],
    });
    expect(wordsOf(state)).toContain('Run broken kept no page, so nothing can be proposed from it.');
    expect(wordsOf(state)).toContain('f fetches https://shop.example/ and looks there. e edits the text.');
    expect(keysOf(state)[0]).toBe('f live page');
    expect(subscription(press(state, 't').state, 'test_run').params).not.toHaveProperty('run_id');
  });

  it('says that another page came in its place', () => {
    const explanation = ['The page is a sign-in.'];
    const state = found(opened(), { isOtherPage: true, broken: [], explanation });
    expect(wordsOf(state)).toContain('The page is a sign-in. No selector can be repaired on it.');
    expect(wordsOf(state)).toContain('p shows the page. f fetches https://shop.example/ and looks there.');
    expect(keysOf(state)[0]).toBe('f live page');
  });

  it('calls no selector broken on another page, and says at what local time the last good run was', () => {
    const explanation = ['The last good run was k3f9, 2026-11-24T09:30:00.000+00:00, with 20 items.'];
    const selectorsOf = (state: State) => runRows(state, 100).map((row) => rowText(row));
    expect(selectorsOf(found(opened())).join('\n')).toContain('broken: .price');
    const state = found(opened(), { isOtherPage: true, broken: [], explanation });
    expect(selectorsOf(state).join('\n')).not.toContain('broken:');
    expect(wordsOf(state)).not.toContain('2026-11-24T');
    expect(visibleNotice(press(state, 'enter').state)?.text).toContain('f looks on the live page');
  });

  it('says why the site gave no page', () => {
    const state = found(opened(homeWith(configRow('shop')), 0), {
      ...{ page: 'none', broken: [] },
      explanation: ['The site refuses access to the page (HTTP 403); the selectors are not at fault.'],
    });
    expect(wordsOf(state)).toContain(
      'The site refuses access to the page (HTTP 403); the selectors are not at fault. Run broken kept no page',
    );
    expect(wordsOf(state)).toContain('f fetches https://shop.example/ and looks there.');
  });

  it('says what to do where a page has nothing in place of a field', () => {
    const { proposal: _, ...broken } = PRICE;
    const words = wordsOf(found(opened(), { broken: [broken] }));
    expect(words).toContain('If the site no longer shows price, take it out of the text.');
    expect(words).toContain('e edits the text');
  });

  it('says that the text is good already, if it was changed since the run', () => {
    const explanation = [
      'The configuration was changed. The last good run was k3f9, 2026-11-24T09:30:00.000+00:00.',
    ];
    const state = found(opened(), { broken: [], explanation });
    expect(wordsOf(state)).toContain('All selectors of this text match on the page that the run kept.');
    expect(wordsOf(state)).toContain('r runs it again.');
    expect(wordsOf(state)).toMatch(/The last good run was k3f9, Tue 24 Nov \d\d:30\./);
  });
});

it('looks again when the repaired text has failed, and has done when it is good', () => {
  const state = found(opened());
  const run = { jobId: 'books', runId: 'again', output: null, problem: null };
  const editor = { ...state.configs.editor, run, requestedRun: { jobId: 'books', runId: 'again' } };
  const asked = { ...state, configs: { ...state.configs, editor } };
  const answer = (status: string) =>
    ({
      ...{ kind: 'answer', name: 'get_run', tag: 'configs.run:again', ok: true, quiet: true },
      output: { ...brokenRun(), run: { ...brokenRun().run, run_id: 'again', status } },
    }) as Event;
  expect(subscription(afterEvents(asked, answer('failed')), 'repairs')).toMatchObject({ runId: 'again' });
  expect(afterEvents(asked, answer('succeeded')).configs.editor.repair).toBeNull();
});
