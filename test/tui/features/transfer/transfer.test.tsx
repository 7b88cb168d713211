import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect } from 'vitest';
import type { Workspace } from '../../../../src/core/workspace.ts';
import { EFFECT_HANDLERS } from '../../../../src/tui/app/features.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { describeEntry } from '../../../../src/tui/features/undo/journal.ts';
import type { Event, State } from '../../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../../src/tui/runtime/effect-context.ts';
import { runEffect } from '../../../../src/tui/runtime/effects.ts';
import { it } from '../../../extend.ts';
import { openTempWorkspace } from '../../../temp-workspace.ts';
import { frameOf } from '../../frame-of.tsx';
import { homeOf as homeData, jobRow } from '../../job-rows.ts';
import { press, someState, typed } from '../../some-state.ts';

afterEach(cleanup);

const YAML = 'url: http://127.0.0.1:9/\nitem: li\nselectors: { title: b }\n';

/** A home with jobs that all use the configuration `shop`. */
async function homeOf(...ids: readonly string[]): Promise<Workspace> {
  const workspace = openTempWorkspace();
  await workspace.configs.write('shop', YAML);
  for (const id of ids)
    await workspace.jobs.create({ id, fields: { config_name: 'shop', schedule: DAILY } }, 'cli');
  return workspace;
}

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

/** The dashboard of a home, with the jobs that it has now. */
function dashboardOf(workspace: Workspace, fields: Partial<State> = {}): State {
  const rows = workspace.jobs.list().map(({ id }) => jobRow(id));
  const state = someState({ paths: workspace.paths, ...fields });
  return reduce(state, { kind: 'home', data: homeData(rows), changed: [], activity: [] }).state;
}

/** Presses keys, runs the last effect for real, and takes its events until `until`. */
async function doing(workspace: Workspace, state: State, ...keys: readonly string[]): Promise<State> {
  const pressed = press(state, ...keys);
  const effect = pressed.effects.at(-1);
  if (effect === undefined) throw new Error(`no effect: ${frameOf(pressed.state).join('\n')}`);
  const events: Event[] = [];
  await new Promise<void>((resolve) => {
    const send = (event: Event) => {
      events.push(event);
      if (event.kind === 'transfer' || event.kind === 'said') resolve();
    };
    const context = {
      workspace,
      readOnly: state.readOnly,
      send,
      live: undefined,
    } as unknown as EffectContext;
    runEffect(EFFECT_HANDLERS, effect, context);
  });
  return events.reduce((before, event) => reduce(before, event).state, pressed.state);
}

const named = (name: string) => [':', ...typed(name), 'enter'];
const toPath = (path: string) => ['ctrl+u', ...typed(path), 'enter'];

describe('export, from the palette', () => {
  it('writes the marked jobs with their configuration, and says where', async ({ folder }) => {
    const workspace = await homeOf('a', 'b', 'c');
    const file = join(folder, 'two.json');
    const marked = press(dashboardOf(workspace), 'space', 'space').state;
    const asked = press(marked, ...named('export')).state;
    expect(frameOf(asked).join('\n')).toContain('Export 2 jobs');
    const after = await doing(workspace, asked, ...toPath(file));
    expect(after.dialog).toBeUndefined();
    expect(after.notices.at(-1)?.text).toMatch(`Exported 2 jobs and 1 configuration`);
    expect(after.notices.at(-1)?.text).toContain(file);
    const bundle = JSON.parse(readFileSync(file, 'utf8'));
    expect(bundle.jobs.map(({ id }: { id: string }) => id)).toEqual(['a', 'b']);
    expect(Object.keys(bundle.configs)).toEqual(['shop']);
  });

  it('replaces a file only when Enter is pressed again on the same path', async ({ folder }) => {
    const workspace = await homeOf('a');
    const file = join(folder, 'mine.json');
    writeFileSync(file, 'mine');
    const keys = [...named('export all'), ...toPath(file)];
    const refused = await doing(workspace, dashboardOf(workspace), ...keys);
    expect(frameOf(refused).join('\n')).toContain('This file exists: Enter replaces it.');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    const edited = press(refused, 'x', 'backspace').state;
    const replaced = await doing(workspace, edited, 'enter');
    expect(replaced.notices.at(-1)?.text).toContain('Exported 1 job and 1 configuration');
    expect(JSON.parse(readFileSync(file, 'utf8')).jobs).toHaveLength(1);
  });

  it('shows what is wrong with the path beside it', async ({ folder }) => {
    const workspace = await homeOf('a');
    const keys = [...named('export all'), ...toPath(join(folder, 'a.txt'))];
    const refused = await doing(workspace, dashboardOf(workspace), ...keys);
    expect(refused.dialog).toMatchObject({ kind: 'file_path', problem: expect.stringContaining('.json') });
    expect(press(dashboardOf(workspace), ...named('import'), 'enter').state.dialog).toMatchObject({
      problem: 'Type the path of a file, such as ~/a.json.',
    });
  });
});

describe('import, from the palette', () => {
  it('shows first what is new and what stays, then imports, and u undoes it', async ({ folder }) => {
    const from = await homeOf('a', 'b', 'mine');
    const file = join(folder, 'bundle.json');
    await doing(from, dashboardOf(from), ...named('export all'), ...toPath(file));

    const to = openTempWorkspace();
    await to.configs.write('other', YAML);
    await to.jobs.create({ id: 'mine', fields: { config_name: 'other', schedule: DAILY } }, 'cli');
    const preview = await doing(to, dashboardOf(to), ...named('import'), ...toPath(file));
    const screen = frameOf(preview).join('\n');
    expect(screen).toContain('3 new, 1 differ and stay as they are here. Nothing is overwritten.');
    expect(screen).toContain('2 new jobs are enabled and will run when due.');
    expect(screen).toMatch(/new +configuration shop/);
    expect(screen).toMatch(/kept +job mine: it already exists, with another config_name/);
    expect(to.jobs.list()).toHaveLength(1);

    const after = await doing(to, preview, 'enter');
    expect(after.notices.at(-1)?.text).toBe(
      'Imported 2 jobs, 1 configuration. u undoes the jobs, u again the configurations.',
    );
    expect(to.jobs.list().map(({ id }) => id)).toEqual(['a', 'b', 'mine']);
    expect(after.journal.entries.map(describeEntry)).toEqual([
      'Imported the configuration shop',
      'Imported 2 jobs: a, b',
    ]);
    const undone = press(after, 'u', 'y').effects;
    expect(undone).toMatchObject([
      { name: 'delete_job', params: { job_id: 'a' } },
      { name: 'delete_job', params: { job_id: 'b' } },
    ]);
  });

  it('says of a workbook that it is not an exported home, and shows none of its bytes', async ({
    folder,
  }) => {
    const to = openTempWorkspace();
    const file = join(folder, 'books.xlsx');
    writeFileSync(file, Buffer.from([0x50, 0x4b, 3, 4, 0x14, 0, 8, 0, 0xfe, 0xff]));
    const state = await doing(to, dashboardOf(to), ...named('import'), ...toPath(file));
    const screen = frameOf(state)
      .join(' ')
      .replaceAll(/[\s│]+/g, ' ');
    expect(screen).toContain('is not an exported home: it is not a text file');
    expect(screen).not.toContain('PK');
  });

  it('imports nothing when the file has changed since the preview, and says of a missing one that it is', async ({
    folder,
  }) => {
    const workspace = await homeOf('a');
    const file = join(folder, 'bundle.json');
    await doing(workspace, dashboardOf(workspace), ...named('export all'), ...toPath(file));
    const to = openTempWorkspace();
    const preview = await doing(to, dashboardOf(to), ...named('import'), ...toPath(file));
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
    const refused = await doing(to, preview, 'enter');
    expect(refused.notices.at(-1)).toMatchObject({
      tone: 'bad',
      text: expect.stringContaining('has changed since the preview'),
    });
    expect(to.jobs.list()).toEqual([]);
    const gone = join(folder, 'gone.json');
    const missing = await doing(to, dashboardOf(to), ...named('import'), ...toPath(gone));
    expect(missing.dialog).toMatchObject({ problem: `${gone} does not exist` });
  });
});

describe('a backup, from the palette', () => {
  it('is written outside the home only, and the notice says where', async ({ folder }) => {
    const workspace = await homeOf('a');
    const inside = join(workspace.paths.home, 'a.db');
    const asked = press(dashboardOf(workspace), ...named('backup')).state;
    const refused = await doing(workspace, asked, ...toPath(inside));
    expect(refused.dialog).toMatchObject({ problem: expect.stringContaining('lies in the home') });
    const file = join(folder, 'a.db');
    const after = await doing(workspace, refused, ...toPath(file));
    expect(after.notices.at(-1)?.text).toMatch(/^Backed up [\d.]+ KB to /);
    expect(existsSync(file)).toBe(true);
    const again = await doing(workspace, asked, ...toPath(file));
    expect(frameOf(again).join('\n')).toContain('This file exists: Enter replaces it.');
  });
});

describe('restoring a backup, from the palette', () => {
  it('asks first, and opens the home again', async () => {
    const off = dashboardOf(await homeOf('a'));
    const home = off.home && { ...off.home, scheduler: { ...off.home.scheduler, state: 'off' as const } };
    const state = { ...off, home };
    const asked = press(state, ...named('restore the history'), ...toPath('~/a.db'));
    expect(asked.effects).toEqual([]);
    expect(frameOf(asked.state).join('\n')).toContain('The present database is kept beside it.');
    expect(press(asked.state, 'y').effects).toMatchObject([
      { kind: 'open_home', home: { folder: off.paths.home, restore: '~/a.db' } },
    ]);
  });

  it('says that the scheduler has to stop first', async () => {
    const state = dashboardOf(await homeOf('a'));
    const home = state.home && {
      ...state.home,
      scheduler: { ...state.home.scheduler, state: 'running' as const },
    };
    const refused = press({ ...state, home }, ...named('restore the history')).state;
    expect(refused.notices.at(-1)?.text).toContain('Stop the scheduler first: D, then s.');
  });
});

it('says with --read-only why none of them can be done', async () => {
  const state = dashboardOf(await homeOf('a'), { readOnly: true });
  for (const name of ['export all', 'import', 'backup', 'restore the history'])
    expect(press(state, ...named(name)).state.notices.at(-1)?.text, name).toContain('--read-only');
});
