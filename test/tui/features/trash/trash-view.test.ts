import { cleanup } from 'ink-testing-library';
import { expect, it } from 'vitest';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import type { TrashRow } from '../../../../src/tui/features/trash/model.ts';
import { listedTrashRows } from '../../../../src/tui/features/trash/reducer.ts';
import {
  describeTrashedConfig,
  describeTrashedJob,
} from '../../../../src/tui/features/trash/trash-reader.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { visibleNotice } from '../../../../src/tui/kernel/notices.ts';
import { currentView } from '../../../../src/tui/kernel/step.ts';
import { expectFit, frameOf } from '../../frame-of.tsx';
import { NOW } from '../../job-rows.ts';
import { press, typed } from '../../some-state.ts';
import { afterEvents, configRow, homeWith, YAML } from '../config-editor/some-configs.ts';

function row(kind: TrashRow['kind'], id: string, fields: Partial<TrashRow> = {}): TrashRow {
  return {
    ...{ kind, id, deletedAt: NOW, by: 'mcp', file: `/home/trash/${id}`, about: '' },
    ...{ revision: kind === 'config' ? 'r1' : null, ...fields },
  };
}

/** The trash, opened from the list of jobs; `books` and the configuration `shop` are there. */
function trashWith(...rows: readonly TrashRow[]): State {
  const opened = press(homeWith(configRow('shop')), 'escape', 'escape', 'Z').state;
  return afterEvents(opened, { kind: 'trash', rows });
}

it('is watched as long as it is open', () => {
  expect(subscriptionsOf(trashWith())).toContainEqual({ kind: 'trash' });
  expect(subscriptionsOf(press(trashWith(), 'escape').state)).not.toContainEqual({ kind: 'trash' });
});

it('says whole that it is empty, also beside its second pane', () => {
  for (const columns of [60, 80, 120, 150, 200]) {
    const lines = frameOf(afterEvents(trashWith(), { kind: 'resize', columns, rows: 24 }));
    expect(
      lines
        .map((line) => line.split('│')[0])
        .join(' ')
        .replaceAll(/\s+/g, ' '),
    ).toContain('The trash is empty; d in a list deletes.');
  }
});

it('brings a job back, which can be undone as any change', () => {
  const { state, effects } = press(trashWith(row('job', 'gone'), row('job', 'old')), 'j', 'enter');
  expect(effects).toMatchObject([{ kind: 'call', name: 'restore_job', params: { job_id: 'old' } }]);
  expect(state.trash.selected).toBe('/home/trash/old');
});

it('/ lists what has the words in its name, author or description; Esc brings the filter before back, then lists all', () => {
  const rows = [
    row('job', 'news'),
    row('job', 'prices', { about: 'daily' }),
    row('config', 'lost', { by: 'cli' }),
  ];
  const listed = (state: State) => listedTrashRows(state).map(({ id }) => id);
  const selected = press(trashWith(...rows), 'j', '/').state;
  expect(listed(press(selected, ...typed('AGENT')).state)).toEqual(['news', 'prices']);
  const kept = press(selected, ...typed('daily'), 'enter').state;
  expect([listed(kept), kept.trash.selected]).toEqual([['prices'], '/home/trash/prices']);
  const other = press(kept, '/', ...typed(' !job')).state;
  expect(listed(other)).toEqual([]);
  expect(press(other, 'enter', 'enter').effects).toEqual([]);
  const back = press(other, 'escape').state;
  expect(listed(back)).toEqual(['prices']);
  const all = press(back, 'escape').state;
  expect([listed(all), currentView(all).name]).toEqual([['news', 'prices', 'lost'], 'trash']);
});

it('gives the name what it needs and the description the rest, and below shows all of it', () => {
  const about =
    'arrivals · at 10:00, only on Sunday and Saturday (UTC) · New books as they come at the weekend';
  const state = trashWith(row('job', 'arrivals-weekend', { about }), row('job', 'books-weekly'));
  for (const columns of [80, 120]) {
    const lines = frameOf(afterEvents(state, { kind: 'resize', columns, rows: 24 }));
    expectFit(lines, columns, 24);
    expect(lines[1]).toMatch(/WHAT +NAME {14}WHEN/);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(`by an agent: ${about}`);
    expect(lines.join('\n')).toContain('1 of 2 entries. Enter restores it.');
  }
  cleanup();
});

/** The trash on a wide screen, with the text of its first entry. */
function wideTrash(text: string): State {
  const state = trashWith(row('job', 'gone'), row('config', 'lost'));
  return afterEvents(
    state,
    { kind: 'resize', columns: 200, rows: 50 },
    { kind: 'trash_text', file: '/home/trash/gone', text },
  );
}

const textsOf = (state: State) =>
  subscriptionsOf(state).flatMap((each) => (each.kind === 'trash_text' ? [each.file] : []));
const besideOf = (state: State) => frameOf(state).map((line) => line.split('│')[1]?.trim() ?? '');

it('from 150 columns on, the text of the selected entry is beside the list; only that is read', () => {
  const state = wideTrash('{\n  "id": "gone",\n  "config_name": "shop"\n}\n');
  expect(textsOf(state)).toEqual(['/home/trash/gone']);
  expectFit(frameOf(state), 200, 50);
  expect(besideOf(state)).toContain('2    "id": "gone",');
  const other = press(state, 'j').state;
  expect(textsOf(other)).toEqual(['/home/trash/lost']);
  expect(besideOf(other).slice(1, 3)).toEqual(['lost', 'Reading the text…']);
  const unread = {
    kind: 'trash_text',
    file: '/home/trash/lost',
    text: '',
    problem: 'cannot read it',
  } as const;
  expect(besideOf(afterEvents(other, unread))).toContain('cannot read it');
  const narrow = afterEvents(state, { kind: 'resize', columns: 149, rows: 50 });
  expect(textsOf(narrow)).toEqual([]);
  expect(frameOf(narrow).join('\n')).not.toContain('"config_name"');
  expect(textsOf({ ...state, linear: true })).toEqual([]);
  cleanup();
});

it('no line of that text is cut, and its keys scroll it', () => {
  const long = `description: ${'words of a long line '.repeat(12)}whose end matters`;
  const lines = Array.from({ length: 80 }, (_, at) => `line_${at}: ${at}`);
  const state = wideTrash([long, ...lines].join('\n'));
  expect(besideOf(state).join(' ')).toContain('whose end matters');
  const scrolled = press(state, 'tab', 'G').state;
  expect([scrolled.pane, scrolled.trash.selected]).toEqual(['side', '/home/trash/gone']);
  expect(besideOf(scrolled).join('\n')).toContain('line_79: 79');
  expect(besideOf(state).join('\n')).toMatch(/gone {2}▼ \d+ more/);
  expect(besideOf(scrolled).join('\n')).toMatch(/gone {2}▲ \d+ above/);
  expect(besideOf(scrolled).join('\n')).not.toContain('▼');
  const narrow = afterEvents(scrolled, { kind: 'resize', columns: 100, rows: 30 });
  expect(narrow.pane).toBe('main');
  expect(press(scrolled, 'escape', 'j').state.trash).toMatchObject({ index: 1, textTop: 0 });
  cleanup();
});

it('a click in the text moves the keys to it, and one in the list back', () => {
  const click = (state: State, column: number) =>
    afterEvents(state, {
      ...{ kind: 'mouse', what: 'press', button: 'left', column, row: 3 },
      ...{ shift: false, alt: false, ctrl: false },
    } as Parameters<typeof afterEvents>[1]);
  const inText = click(wideTrash('id: gone'), 150);
  expect([inText.pane, inText.trash.index]).toEqual(['side', 0]);
  const inList = click(inText, 10);
  expect([inList.pane, inList.trash.index]).toEqual(['main', 1]);
});

it('a filter stays when more is deleted meanwhile', () => {
  const filtered = press(trashWith(row('job', 'news')), '/', ...typed('news'), 'enter').state;
  const rows = [row('job', 'other'), row('job', 'news'), row('job', 'news-2')];
  expect(listedTrashRows(afterEvents(filtered, { kind: 'trash', rows })).map(({ id }) => id)).toEqual([
    'news',
    'news-2',
  ]);
});

it('says why a job does not come back whose id is taken again', () => {
  const { state, effects } = press(trashWith(row('job', 'books')), 'enter');
  expect(effects).toEqual([]);
  expect(visibleNotice(state)?.text).toContain('There is a job books again');
});

it('restores a configuration where there is none, and asks before it replaces another text', () => {
  const rows = [row('config', 'lost'), row('config', 'shop')];
  const restore = { kind: 'restore_config', name: 'lost', file: '/home/trash/lost', ifRevision: null };
  expect(press(trashWith(...rows), 'enter').effects).toEqual([restore]);
  const asked = press(trashWith(...rows), 'G', 'enter');
  expect(asked.effects).toEqual([]);
  expect(asked.state.dialog).toMatchObject({ kind: 'confirm' });
  expect(press(asked.state, 'y').effects).toMatchObject([
    { ...restore, name: 'shop', file: '/home/trash/shop', ifRevision: `r${YAML.length}` },
  ]);
});

it('says of an earlier text of a configuration that it was replaced, not deleted', () => {
  const lines = frameOf(press(trashWith(row('config', 'lost'), row('config', 'shop')), 'G').state);
  expect(lines.slice(2, 4)).toEqual([
    expect.stringMatching(/^.? *config +lost/),
    expect.stringMatching(/version +shop/),
  ]);
  expect(lines.join('\n')).toContain('shop, replaced ');
  cleanup();
});

it('lists no version of a configuration that is there as it was', () => {
  const same = row('config', 'shop', { revision: `r${YAML.length}` });
  expect(listedTrashRows(trashWith(same, row('job', 'gone'))).map(({ id }) => id)).toEqual(['gone']);
});

it('keeps the cursor on its entry when another one comes', () => {
  const before = press(trashWith(row('job', 'a'), row('job', 'b')), 'j').state;
  const rows = [row('job', 'new'), row('job', 'a'), row('job', 'b')];
  const after = reduce(before, { kind: 'trash', rows }).state;
  expect(listedTrashRows(after)[after.trash.index]?.id).toBe('b');
});

it('changes nothing with --read-only', () => {
  const state = { ...trashWith(row('job', 'gone')), readOnly: true };
  expect(press(state, 'enter').effects).toEqual([]);
});

it('describes each entry, for any text', () => {
  const job = { config_name: 'shop', schedule: { type: 'daily', time: '09:00', timezone: 'UTC' } };
  expect(describeTrashedJob(JSON.stringify({ ...job, description: 'Prices' }))).toBe(
    'shop · every day at 09:00 (UTC) · Prices',
  );
  expect(describeTrashedConfig(YAML)).toContain('shop.example');
  for (const text of ['', '{', '[]', '7', '{"schedule":7}']) expect(describeTrashedJob(text)).toBe('');
  expect(describeTrashedConfig('{')).toBe('one page');
});
