import { describe, expect, it } from 'vitest';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { configEditorRows } from '../../../../src/tui/features/config-editor/config-navigation.ts';
import { findCheck, findConfig, findDraft } from '../../../../src/tui/features/config-editor/config-state.ts';
import { sideRows } from '../../../../src/tui/features/config-editor/side-rows.ts';
import type { Effect, State } from '../../../../src/tui/kernel/model.ts';
import { rowText } from '../../row-text.ts';
import { press } from '../../some-state.ts';
import { afterEvents, answerTo, brokenRun, callOf, configRow, homeWith, YAML } from './some-configs.ts';

const MENDED = YAML.replace('.price', '.cost');

/** The state after the editor has made this of the text of `shop`. */
function edited(state: State, text: string): { state: State; effects: readonly Effect[] } {
  return reduce(state, { kind: 'text_edited', tag: 'configs.edit:shop', text });
}

/** The bench of `shop` with a text that was edited and has been found to be able to run. */
function withDraft(text = MENDED): State {
  const { state, effects } = edited(press(homeWith(configRow('shop')), 'enter').state, text);
  return afterEvents(state, answerTo(callOf(effects, 'save_config'), { output: { warnings: [] } }));
}

function sideText(state: State): string {
  return sideRows(state, 60)
    .map((row) => rowText(row))
    .join('\n');
}

function lastNotice(state: State): string {
  return state.notices.at(-1)?.text ?? '';
}

describe('a text that is edited', () => {
  it('is kept on the way back, with a notice', () => {
    const left = press(withDraft(), 'escape').state;
    expect(lastNotice(left)).toBe('The text of shop is kept, not saved: open it again to go on.');
    expect(configEditorRows(press(left, 'enter').state)).toEqual(configEditorRows(withDraft()));
    const unedited = press(homeWith(configRow('shop')), 'enter', 'escape').state;
    expect(lastNotice(unedited)).toBe('');
  });

  it('is a copy of the saved text, under its name', () => {
    const { effects } = press(homeWith(configRow('shop')), 'e');
    expect(effects).toContainEqual({
      ...{ kind: 'edit_text', text: YAML, fileName: 'shop.yaml', tag: 'configs.edit:shop' },
    });
  });

  it('is checked when the editor ends, and not stored', () => {
    const { state, effects } = edited(press(homeWith(configRow('shop')), 'enter').state, MENDED);
    expect(callOf(effects, 'save_config').params).toEqual({
      config_name: 'shop',
      yaml: MENDED,
      dry_run: true,
    });
    expect(findConfig(state, 'shop')?.yaml).toBe(YAML);
  });

  it('is no draft when nothing was changed', () => {
    const { state, effects } = edited(press(homeWith(configRow('shop')), 'enter').state, YAML);
    expect(findDraft(state, 'shop')).toBeUndefined();
    expect(effects).toEqual([]);
  });

  it('is shown beside the saved text, the changed lines marked', () => {
    const changes = configEditorRows(withDraft()).filter(
      (row) => row.kind === 'line' && row.change !== 'same',
    );
    expect(changes.map((row) => row.kind === 'line' && [row.change, row.number])).toEqual([
      ['removed', null],
      ['added', 6],
    ]);
  });

  it('shows an issue below its line, and cannot be saved then', () => {
    const { state, effects } = edited(
      press(homeWith(configRow('shop')), 'enter').state,
      `${YAML}pagination: 3\n`,
    );
    const issues = [{ path: 'pagination', message: 'is no map', line: 7, column: 13, hint: 'Write one.' }];
    const failure = { code: 'invalid_config', message: 'shop.yaml cannot run', issues } as const;
    const told = afterEvents(state, answerTo(callOf(effects, 'save_config'), { failure }));
    const rows = configEditorRows(told);
    const at = rows.findIndex((row) => row.kind === 'note');
    expect(rows[at]).toMatchObject({ tone: 'bad', text: 'pagination: is no map. Write one.' });
    expect(rows[at - 1]).toMatchObject({ number: 7 });
    const pressed = press(told, 'ctrl+s');
    expect(pressed.effects).toEqual([]);
    expect(lastNotice(pressed.state)).toContain('cannot be saved like this');
    // It is kept, and can be edited again.
    expect(press(pressed.state, 'e').effects[0]).toMatchObject({ text: `${YAML}pagination: 3\n` });
  });

  it('takes no answer to an earlier text for its own', () => {
    const first = edited(press(homeWith(configRow('shop')), 'enter').state, MENDED);
    const second = edited(first.state, `${MENDED}# more\n`);
    const late = afterEvents(
      second.state,
      answerTo(callOf(first.effects, 'save_config'), { output: { warnings: [] } }),
    );
    expect(findCheck(late, 'shop')).toBeUndefined();
  });

  it('stays when one leaves the view, and is asked about before the dashboard is left', () => {
    const away = press(withDraft(), 'escape', 'escape').state;
    expect(findDraft(away, 'shop')?.yaml).toBe(MENDED);
    const quitting = press(away, 'q');
    expect(quitting.effects).toEqual([]);
    expect(quitting.state.dialog).toMatchObject({ kind: 'confirm', lines: expect.arrayContaining(['shop']) });
    expect(press(quitting.state, 'enter').effects).toEqual([]);
    expect(press(quitting.state, 'y').effects).toEqual([{ kind: 'quit', exitCode: 0 }]);
  });

  it('can be thrown away, and taken back', () => {
    const thrown = press(withDraft(), 'x').state;
    expect(findDraft(thrown, 'shop')).toBeUndefined();
    expect(findDraft(press(thrown, 'x').state, 'shop')?.yaml).toBe(MENDED);
  });
});

describe('saving', () => {
  it('is awaited by Ctrl-S during the check; a text that cannot run stays, with the reason', () => {
    const { state, effects } = edited(press(homeWith(configRow('shop')), 'enter').state, MENDED);
    const check = callOf(effects, 'save_config');
    const waiting = press(state, 'ctrl+s');
    expect(waiting.effects).toEqual([]);
    expect(lastNotice(waiting.state)).toBe('shop is saved when it is checked.');
    const saving = reduce(waiting.state, answerTo(check, { output: { warnings: [] } }));
    expect(callOf(saving.effects, 'save_config').params).toMatchObject({ config_name: 'shop', yaml: MENDED });
    const failure = { code: 'invalid_config', message: 'shop.yaml cannot run' } as const;
    const refused = reduce(press(waiting.state, 'r').state, answerTo(check, { failure }));
    expect(refused.effects).toEqual([]);
    expect(lastNotice(refused.state)).toContain(
      'shop was not saved. It cannot be saved like this: e edits it',
    );
    expect(findDraft(refused.state, 'shop')).not.toHaveProperty('isSaveAwaited');
    expect(findDraft(refused.state, 'shop')).not.toHaveProperty('thenRuns');
  });

  it('is awaited by Ctrl-S no longer once the text is edited again or discarded', () => {
    const open = edited(press(homeWith(configRow('shop')), 'enter').state, MENDED).state;
    const waiting = press(open, 'ctrl+s').state;
    const again = edited(waiting, `${MENDED}# more\n`);
    const call = callOf(again.effects, 'save_config');
    expect(reduce(again.state, answerTo(call, { output: { warnings: [] } })).effects).toEqual([]);
    const back = press(waiting, 'x', 'x');
    const recheck = callOf(back.effects, 'save_config');
    expect(recheck.params).toMatchObject({ dry_run: true });
    expect(reduce(back.state, answerTo(recheck, { output: { warnings: [] } })).effects).toEqual([]);
  });

  it('stores the text over the revision that it was made from', () => {
    const { state, effects } = press(withDraft(), 'ctrl+s');
    const call = callOf(effects, 'save_config');
    expect(call.params).toEqual({ config_name: 'shop', yaml: MENDED, if_revision: `r${YAML.length}` });
    const output = { config_name: 'shop', revision: 'new', file: '/home/configs/shop.yaml', warnings: [] };
    const saved = afterEvents(state, answerTo(call, { output }));
    expect(findDraft(saved, 'shop')).toBeUndefined();
    expect(findConfig(saved, 'shop')).toMatchObject({ yaml: MENDED, revision: 'new', by: 'tui' });
    expect(lastNotice(saved)).toBe('shop is saved.');
  });

  it('is awaited by r, which then runs the job; a refusal runs nothing', () => {
    const saving = press(withDraft(), 'ctrl+s');
    const call = callOf(saving.effects, 'save_config');
    const waiting = press(saving.state, 'r');
    expect(waiting.effects).toEqual([]);
    expect(lastNotice(press(waiting.state, 'r').state)).toContain('It runs when it is saved.');
    const output = { config_name: 'shop', revision: 'new', file: '/home/configs/shop.yaml', warnings: [] };
    const saved = reduce(waiting.state, answerTo(call, { output }));
    expect(callOf(saved.effects, 'run_job').params).toEqual({ job_id: 'books' });
    expect(findDraft(saved.state, 'shop')).toBeUndefined();
    const failure = { code: 'conflict', message: 'configuration shop is at revision x' } as const;
    const refused = reduce(waiting.state, answerTo(call, { failure }));
    expect(refused.effects).toEqual([]);
    expect(findDraft(refused.state, 'shop')).not.toHaveProperty('thenRuns');
  });

  it('does not happen with --read-only', () => {
    const { state, effects } = press({ ...withDraft(), readOnly: true }, 'ctrl+s');
    expect(effects).toEqual([]);
    expect(lastNotice(state)).toContain('--read-only');
  });

  it('creates again a configuration that was deleted meanwhile', () => {
    const gone = afterEvents(withDraft(), { kind: 'configs', rows: [] });
    const { params } = callOf(press(gone, 'ctrl+s').effects, 'save_config');
    expect(params).toEqual({ config_name: 'shop', yaml: MENDED });
  });

  it('keeps the draft when the store refuses it', () => {
    const { state, effects } = press(withDraft(), 'ctrl+s');
    const failure = { code: 'conflict', message: 'configuration shop is at revision x' } as const;
    const refused = afterEvents(state, answerTo(callOf(effects, 'save_config'), { failure }));
    expect(findDraft(refused, 'shop')).toMatchObject({ yaml: MENDED, isSaving: false });
    expect(lastNotice(refused)).toContain('is at revision x');
  });
});

describe('a configuration that is changed elsewhere meanwhile', () => {
  const theirs = YAML.replace('name: shop', 'name: bookshop');
  const changed = () =>
    afterEvents(withDraft(), { kind: 'configs', rows: [configRow('shop', theirs, { by: 'mcp' })] });

  it('is not overwritten; who changed what is shown', () => {
    const state = changed();
    const { state: pressed, effects } = press(state, 'ctrl+s');
    expect(effects).toEqual([]);
    expect(lastNotice(pressed)).toContain('changed meanwhile');
    expect(sideText(state)).toContain('Changed meanwhile by an agent');
    expect(sideText(state)).toContain('- name: shop\n+ name: bookshop');
  });

  it('is taken into the draft, which can be saved then', () => {
    const { state, effects } = press(changed(), 'a');
    const merged = MENDED.replace('name: shop', 'name: bookshop');
    expect(findDraft(state, 'shop')).toMatchObject({ yaml: merged, base: { yaml: theirs } });
    const checked = afterEvents(
      state,
      answerTo(callOf(effects, 'save_config'), { output: { warnings: [] } }),
    );
    expect(callOf(press(checked, 'ctrl+s').effects, 'save_config').params).toMatchObject({
      ...{ yaml: merged, if_revision: `r${theirs.length}` },
    });
  });

  it('follows those changes while it is not edited', () => {
    const open = press(homeWith(configRow('shop')), 'enter').state;
    const state = afterEvents(open, { kind: 'configs', rows: [configRow('shop', theirs)] });
    expect(configEditorRows(state)[0]).toMatchObject({
      spans: expect.arrayContaining([{ text: ' bookshop', style: 'good' }]),
    });
  });
});

describe('the check of the saved text', () => {
  it('is wanted for the selected one first, one at a time, until it is known', () => {
    const rows = [configRow('a'), configRow('b')];
    const checksOf = (state: State) => subscriptionsOf(state).filter(({ kind }) => kind === 'config_check');
    const second = press(homeWith(...rows), 'j').state;
    expect(checksOf(second)).toEqual([{ kind: 'config_check', name: 'b', yaml: YAML }]);
    const check = { yaml: YAML, problem: null, hint: null, issues: [], warnings: [] };
    const known = afterEvents(second, { kind: 'config_checked', name: 'b', check });
    expect(checksOf(known)).toEqual([{ kind: 'config_check', name: 'a', yaml: YAML }]);
    expect(checksOf(afterEvents(known, { kind: 'config_checked', name: 'a', check }))).toEqual([]);
    // A text that has changed is another one.
    const other = afterEvents(known, {
      kind: 'configs',
      rows: [configRow('a'), configRow('b', `${YAML}#\n`)],
    });
    expect(checksOf(other)[0]).toMatchObject({ name: 'b' });
  });
});

describe('a trial', () => {
  const testRuns = (state: State) => subscriptionsOf(state).filter(({ kind }) => kind === 'test_run');
  const told = (keptPages: number) => {
    const { state, effects } = press(homeWith(configRow('shop')), 'enter');
    return afterEvents(state, answerTo(callOf(effects, 'get_run'), { output: brokenRun(keptPages) }));
  };

  it('is on the page that the failed run kept, or on the live one, as chosen', () => {
    const kept = press(told(1), 't').state;
    expect(testRuns(kept)).toMatchObject([{ params: { config_name: 'shop', yaml: YAML, run_id: 'broken' } }]);
    const [live] = testRuns(press(kept, 'w').state);
    expect(live).toMatchObject({ params: { yaml: YAML } });
    expect(JSON.stringify(live)).not.toContain('broken');
    expect(JSON.stringify(testRuns(press(told(0), 't').state))).not.toContain('broken');
  });

  it('begins by itself when the text was edited, if there is a kept page', () => {
    expect(testRuns(edited(told(1), MENDED).state)).toMatchObject([
      { params: { yaml: MENDED, run_id: 'broken' } },
    ]);
    expect(testRuns(edited(told(0), MENDED).state)).toEqual([]);
  });

  it('is cancelled by Esc, which then does not leave the view, and by leaving it', () => {
    const trying = press(told(1), 't').state;
    const called = press(trying, 'escape').state;
    expect(testRuns(called)).toEqual([]);
    expect(called.views.at(-1)?.name).toBe('config');
    expect(sideText(called)).toContain('Cancelled.');
    expect(press(called, 'escape').state.views.at(-1)?.name).toBe('configs');
    expect(testRuns(press(trying, 'c').state)).toEqual([]);
  });

  it('shows rows, matches with none in red, warnings, and why a run would fail', () => {
    const trying = press(told(1), 't').state;
    const output = {
      ...{ config_name: 'shop', source: 'kept page', pages: 1, items: 2, warnings: ['a doubt'] },
      matches: [
        { part: 'field' as const, field: 'title', selector: 'h3', matched: 2, pages: 1 },
        { part: 'field' as const, field: 'price', selector: '.price', matched: 0, pages: 0 },
      ],
      sample: [{ title: 'First', price: null }],
      error: { kind: 'no_items', message: 'nothing there', hint: 'look again' },
    } as const;
    const id = trying.configs.editor.testRun?.id ?? 0;
    const outcome = { ok: true, output: { ...output, warnings: [...output.warnings] } } as never;
    const state = afterEvents(trying, { kind: 'test_run_ended', id, outcome });
    const rows = sideRows(state, 60);
    const find = (text: string) =>
      rows.flatMap(({ spans }) => spans).find((span) => String(span.text).includes(text))?.style;
    expect(find('price                 0')).toBeUndefined();
    expect(rows.find((row) => /^price +0/.test(rowText(row)))?.spans[0]?.style).toBe('bad');
    expect(find('First')).toBe('plain');
    expect(find('a doubt')).toBe('warning');
    expect(find('nothing there')).toBe('bad');
    expect(find('look again')).toBe('plain');
    expect(afterEvents(trying, { kind: 'test_run_ended', id: id + 1, outcome })).toBe(trying);
  });

  it('is shown where there is room for one pane only, and so is what a run found', () => {
    const narrow = afterEvents(told(1), { kind: 'resize', columns: 60, rows: 20 });
    expect(narrow.pane).toBe('main');
    expect(press(narrow, 't').state.pane).toBe('side');
    expect(press(told(1), 't').state.pane).toBe('main');
  });

  it('can be compared with the page that the run kept', () => {
    const run = { jobId: 'books', runId: 'broken' };
    expect(press(told(1), 'p').effects).toEqual([
      { kind: 'page_run', ...run, file: 'page', tag: 'config.page' },
    ]);
    expect(press(told(0), 'p').effects).toEqual([]);
  });

  it('shows the counts of the run’s selectors beside the usual ones', () => {
    expect(sideText(told(1))).toMatch(/price +0 +40 +broken: \.price/);
    expect(sideText(told(1))).toContain('no items on 2 pages');
  });
});
