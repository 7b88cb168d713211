import { describe, expect, it } from 'vitest';
import type { SuggestResponse } from '../../../../src/core/configs/suggest-response.ts';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { findDraft } from '../../../../src/tui/features/config-editor/config-state.ts';
import { newConfigProblem } from '../../../../src/tui/features/config-editor/new-config-dialog.tsx';
import { sideRows } from '../../../../src/tui/features/config-editor/side-rows.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { rowText } from '../../row-text.ts';
import { press, typed } from '../../some-state.ts';
import { afterEvents, answerTo, callOf, configRow, homeWith } from './some-configs.ts';
import { keysOf } from './some-repairs.ts';

const FOUND: SuggestResponse = {
  ...{ item: 'article.book', rows: 20, next: 'a[rel~="next"]' },
  fields: [
    { name: 'price', selector: '.price', attribute: null },
    { name: 'link', selector: 'a[href]', attribute: 'href' },
  ],
};

describe('a configuration for an address', () => {
  it('is named after the address, filled from its page, and tested on it', () => {
    const { state, effects } = press(
      homeWith(configRow('shop')),
      'n',
      ...typed('books.example/new'),
      'enter',
      'enter',
    );
    const name = 'books-example';
    expect(state.dialog).toBeUndefined();
    expect(state.views.at(-1)).toEqual({ name: 'config' });
    expect(state.configs.editor.name).toBe(name);
    expect(findDraft(state, name)).toMatchObject({
      base: null,
      yaml: expect.stringContaining('"https://books.example/new"'),
    });
    expect(callOf(effects, 'save_config').params).toMatchObject({ config_name: name, dry_run: true });
    const watched = (next: State) =>
      subscriptionsOf(next).filter(({ kind }) => kind === 'suggestion' || kind === 'test_run');
    const [suggestion] = watched(state);
    expect(suggestion).toMatchObject({ kind: 'suggestion', url: 'https://books.example/new', name });
    const id = state.configs.editor.suggestion?.id ?? 0;
    const told = afterEvents(state, { kind: 'suggested', id, outcome: { ok: true, found: FOUND } });
    const yaml = findDraft(told, name)?.yaml;
    expect(yaml).toContain('item: article.book\n');
    expect(yaml).toContain("  price: .price\n  link:\n    selector: 'a[href]'\n    attribute: href\n");
    expect(yaml).toContain('selector: \'a[rel~="next"]\'\n');
    expect(watched(told)).toMatchObject([{ kind: 'test_run', params: { config_name: name, yaml } }]);
  });

  it('keeps meanwhile edited text, and can be cancelled', () => {
    const { state } = press(homeWith(), 'n', ...typed('books.example'), 'enter', 'enter');
    const id = state.configs.editor.suggestion?.id ?? 0;
    const edited = afterEvents(state, {
      kind: 'text_edited',
      tag: 'configs.edit:books-example',
      text: 'url: x\n',
    });
    const told = afterEvents(edited, { kind: 'suggested', id, outcome: { ok: true, found: FOUND } });
    expect(findDraft(told, 'books-example')?.yaml).toBe('url: x\n');
    const off = press(state, 'escape').state;
    expect(off.configs.editor.suggestion).toBeNull();
    expect(off.views.at(-1)?.name).toBe('config');
    const late = afterEvents(off, { kind: 'suggested', id, outcome: { ok: true, found: FOUND } });
    expect(findDraft(late, 'books-example')).toBe(findDraft(off, 'books-example'));
  });

  it('reports why a page could not be read, and keeps the plain draft', () => {
    const { state } = press(homeWith(), 'n', ...typed('books.example'), 'enter', 'enter');
    const id = state.configs.editor.suggestion?.id ?? 0;
    const failure = { code: 'invalid_config', message: 'the host is unknown.' } as const;
    const told = afterEvents(state, { kind: 'suggested', id, outcome: { ok: false, failure } });
    expect(told.notices.at(-1)?.text).toContain('the host is unknown.');
    const rows = (next: State, columns: number) => sideRows(next, columns).map(rowText).join(' ');
    expect(rows(told, 20).replaceAll(/\s+/g, ' ')).toContain('the host is unknown. e edits the text');
    expect(rows(press(told, 't').state, 60)).not.toContain('unknown');
    expect(findDraft(told, 'books-example')?.yaml).toContain('title: h1, h2');
  });

  it('is listed as long as it is not saved, and saved as a new one', () => {
    const { state, effects } = press(homeWith(), 'n', ...typed('books.example'), 'enter', 'enter');
    const checked = afterEvents(
      state,
      answerTo(callOf(effects, 'save_config'), { output: { warnings: [] } }),
    );
    expect(press(checked, 'c').state.configs.list.selected).toBe('books-example');
    const { params } = callOf(press(checked, 'ctrl+s').effects, 'save_config');
    expect(params).not.toHaveProperty('if_revision');
  });

  it('leads to a job: after it is saved, a notice, its pane and the footer name the key', () => {
    const { state, effects } = press(
      homeWith(configRow('shop')),
      'n',
      ...typed('books.example'),
      'enter',
      'enter',
      'escape',
    );
    const check = answerTo(callOf(effects, 'save_config'), { output: { warnings: [] } });
    const checked = afterEvents(state, check);
    const words = (next: State) => sideRows(next, 100).map(rowText).join(' ');
    expect(words(checked)).toContain('No job uses it yet: Ctrl-S saves it, then C creates one.');
    expect(press(checked, 'C').state.notices.at(-1)?.text).toContain('Save it first (Ctrl-S).');
    const saving = press(checked, 'ctrl+s');
    const output = { file: 'x', revision: 'r2', warnings: [] };
    const saved = afterEvents(saving.state, answerTo(callOf(saving.effects, 'save_config'), { output }));
    expect(saved.notices.at(-1)?.text).toBe('books-example is saved. C creates a job with it.');
    expect(words(saved)).toContain('No job uses it yet: C creates one.');
    expect(keysOf(saved)[0]).toBe('C create job');
    expect(press(saved, 'C').state.form.open?.texts.config_name).toBe('books-example');
    const used = press(homeWith(configRow('shop')), 'enter').state;
    expect(keysOf(used)).not.toContain('C create job');
  });

  it('has an unused name', () => {
    const state = press(homeWith(configRow('shop-example')), 'n', ...typed('shop.example')).state;
    expect(state.dialog).toMatchObject({ name: { text: 'shop-example-2' } });
    const named = press(state, 'tab', 'ctrl+u', ...typed('shop-example'), 'enter').state;
    expect(named.dialog).toMatchObject({ kind: 'new_config', field: 'name' });
    if (named.dialog?.kind !== 'new_config') throw new TypeError('no dialog');
    expect(newConfigProblem(named, named.dialog, 'name')).toEqual({
      problem: 'There is a configuration shop-example already.',
    });
    // The name is the person's own now.
    const later = press(named, 'tab', ...typed('.org')).state;
    expect(later.dialog).toMatchObject({
      name: { text: 'shop-example' },
      url: { text: 'https://shop.example.org' },
    });
  });

  it('has a name that the first typed text replaces, and that other keys edit', () => {
    const suggested = press(homeWith(), 'n', ...typed('shop.example'), 'enter').state;
    const nameAfter = (...keys: string[]) => press(suggested, ...keys).state.dialog;
    expect(nameAfter()).toMatchObject({ name: { text: 'shop-example' } });
    expect(nameAfter(...typed('toys'))).toMatchObject({ name: { text: 'toys' } });
    expect(nameAfter('backspace', ...typed('x'))).toMatchObject({ name: { text: 'shop-examplx' } });
    expect(nameAfter('home', ...typed('my-'))).toMatchObject({ name: { text: 'my-shop-example' } });
    const pasted = reduce(suggested, { kind: 'paste', text: 'books' }).state.dialog;
    expect(pasted).toMatchObject({ name: { text: 'books' } });
  });

  it('goes on with a web address only', () => {
    const { state, effects } = press(homeWith(), 'n', ...typed('ftp://x.example'), 'enter', 'enter');
    expect(state.dialog).toMatchObject({ kind: 'new_config', field: 'url' });
    expect(effects).toEqual([]);
    expect(press(state, 'escape').state.dialog).toBeUndefined();
  });
});

describe('the address of a new configuration', () => {
  const SHOP = 'https://shop.example/books';

  it.each([
    ['pasted', '', SHOP],
    ['typed', SHOP, ''],
    ['pasted after its scheme', 'https://', SHOP],
    ['pasted with quotes and a line break', '', ` "${SHOP}"\n`],
    ['typed without its scheme', 'shop.example/books', ''],
  ])('is the one that is %s', (_how, first, text) => {
    const opened = press(homeWith(), 'n', ...typed(first)).state;
    const { state } = press(reduce(opened, { kind: 'paste', text }).state, 'enter');
    expect(state.dialog).toMatchObject({
      ...{ kind: 'new_config', field: 'name' },
      ...{ url: { text: SHOP }, name: { text: 'shop-example' } },
    });
    const { state: proposed } = press(state, 'enter');
    expect(proposed.configs.editor.suggestion).toMatchObject({ url: SHOP });
    expect(findDraft(proposed, 'shop-example')?.yaml).toContain(`url: "${SHOP}"\n`);
  });

  it('begins empty, and keeps the typed text when it is invalid', () => {
    const { state } = press(homeWith(), 'n');
    expect(state.dialog).toMatchObject({ url: { text: '' } });
    const { state: refused, effects } = press(state, ...typed('https://https/books'), 'enter');
    expect(effects).toEqual([]);
    expect(refused.dialog).toMatchObject({
      field: 'url',
      url: { text: 'https://https/books' },
      name: { text: '' },
    });
    if (refused.dialog?.kind !== 'new_config') throw new TypeError('no dialog');
    expect(newConfigProblem(refused, refused.dialog, 'url')).toEqual({
      problem: 'The host "https" has no dot.',
      hint: 'Type the whole address, such as https://shop.example/books.',
    });
  });

  it('of one’s own network is allowed by name in the draft', () => {
    const { state } = press(homeWith(), 'n', ...typed('http://wiki/books'), 'enter', 'enter');
    expect(findDraft(state, 'wiki')?.yaml).toContain('url: "http://wiki/books"\n\n# A host of');
    expect(findDraft(state, 'wiki')?.yaml).toContain('allow_private_hosts: ["wiki"]\n');
  });
});

describe('deleting a configuration', () => {
  it('names the jobs that use it in place of deleting it', () => {
    const { state, effects } = press(homeWith(configRow('shop')), 'd');
    expect(effects).toEqual([]);
    expect(state.dialog).toBeUndefined();
    expect(state.notices.at(-1)?.text).toContain('It is used by books.');
  });

  it('asks first, and deletes the version that was seen', () => {
    const { state } = press(homeWith(configRow('other')), 'd');
    expect(press(state, 'enter').effects).toEqual([]);
    const { effects } = press(state, 'y');
    const call = callOf(effects, 'delete_config');
    expect(call.params).toMatchObject({ config_name: 'other', if_revision: expect.any(String) });
    const gone = afterEvents(press(state, 'y').state, answerTo(call, { output: { deleted: true } }));
    expect(gone.configs.rows).toEqual([]);
  });
});

it('goes to the jobs that use a configuration', () => {
  const state = press(homeWith(configRow('shop')), 'enter', 'o').state;
  expect(state.views).toEqual([{ name: 'jobs' }]);
  expect(state.jobs.filterPrompt.line.text).toBe('config:shop');
});
