import { describe, expect, it } from 'vitest';
import { ACTIONS, reachableActions } from '../../../src/tui/app/actions.ts';
import { COMMAND_ACTIONS, OTHER_WORDS, paletteRows } from '../../../src/tui/app/palette.tsx';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { State } from '../../../src/tui/kernel/model.ts';
import { homeOf, jobRow } from '../job-rows.ts';
import { someState } from '../some-state.ts';

/** Words that people bring from k9s, lazygit, cron, Scrapy and a shell, and the action that they want first. */
const FIRST: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  jobs: {
    kill: 'jobs.cancel',
    stop: 'jobs.toggle',
    abort: 'jobs.cancel',
    rerun: 'jobs.retry',
    retry: 'jobs.retry',
    run: 'jobs.run',
    trigger: 'jobs.run',
    crawl: 'jobs.run',
    tail: 'jobs.log',
    log: 'jobs.log',
    logs: 'jobs.log',
    follow: 'jobs.log',
    cron: 'form.new',
    crontab: 'form.new',
    add: 'form.new',
    edit: 'form.edit',
    params: 'form.edit',
    pause: 'jobs.toggle',
    disable: 'jobs.disable',
    snooze: 'jobs.toggle',
    resume: 'jobs.resume',
    clone: 'form.copy',
    duplicate: 'form.copy',
    yank: 'jobs.copy-id',
    rename: 'command.rename',
    colour: 'looks.terminal',
    color: 'looks.contrast',
    theme: 'looks.contrast',
    dark: 'looks.contrast',
    light: 'looks.contrast',
    exit: 'program.quit',
    quit: 'program.quit',
    settings: 'settings.edit',
    preferences: 'settings.edit',
    config: 'configs.open',
    spider: 'configs.open',
    xpath: 'configs.open',
    proxies: 'command.proxy',
    secrets: 'command.secrets',
    doctor: 'command.doctor',
    health: 'command.doctor',
    stats: 'charts.open',
    graph: 'charts.open',
    chart: 'charts.open',
    metrics: 'charts.open',
    diff: 'items.compare',
    compare: 'items.compare',
    history: 'runs.open',
    versions: 'runs.open',
    changes: 'jobs.journal',
    undo: 'jobs.undo',
    redo: 'jobs.redo',
    ssh: 'homes.open',
    home: 'homes.open',
    remote: 'workers.open',
    worker: 'workers.open',
    mail: 'messages.open',
    slack: 'messages.open',
    messages: 'messages.open',
    selectors: 'configs.repair',
    reset: 'columns.restore',
    urgent: 'sort.open',
    attention: 'sort.open',
    priority: 'sort.open',
    backup: 'transfer.backup',
    export: 'transfer.export-jobs',
    import: 'transfer.import',
    restore: 'trash.open',
    trash: 'trash.open',
    bin: 'trash.open',
    delete: 'jobs.delete',
    rm: 'jobs.delete',
    sort: 'sort.open',
    filter: 'find.open',
    search: 'find.open',
    find: 'find.open',
    zoom: 'view.zoom-in',
    full: 'view.zoom-in',
    wide: 'view.zoom-in',
    tags: 'jobs.tags',
    label: 'jobs.tags',
    select: 'marks.toggle',
    all: 'marks.all',
    upcoming: 'timeline.open',
    queue: 'find.active',
    errors: 'find.bad',
    why: 'detail.tab-why',
    describe: 'detail.tab-why',
    items: 'detail.tab-items',
    upgrade: 'command.upgrade',
    help: 'help.open',
    top: 'scheduler.show',
    scheduler: 'scheduler.show',
  },
  runs: {
    kill: 'runs.cancel',
    rerun: 'runs.retry',
    retry: 'runs.retry',
    tail: 'log.open',
    log: 'log.open',
    diff: 'items.compare',
    data: 'items.open',
    attempts: 'runs.attempts',
    edit: 'form.edit',
  },
  log: {
    wrap: 'log.wrap',
    grep: 'log.search',
    search: 'log.search',
    errors: 'log.level',
    follow: 'log.follow',
    less: 'log.pager',
    copy: 'log.copy',
  },
  items: {
    csv: 'items.write',
    excel: 'items.write',
    xlsx: 'items.write',
    export: 'items.write',
    sort: 'items.sort',
    filter: 'items.filter',
    search: 'items.filter',
    copy: 'items.copy',
    browser: 'items.link',
    diff: 'items.mode',
    count: 'items.values',
    describe: 'items.columns',
    summary: 'items.columns',
    profile: 'items.columns',
  },
  configs: {
    new: 'configs.new',
    test: 'configs.test',
    vim: 'configs.edit',
    rm: 'configs.delete',
    jobs: 'configs.users',
  },
  workers: { kill: 'workers.drain-now', drain: 'workers.drain', kick: 'workers.revoke' },
  trash: { restore: 'trash.restore', undelete: 'trash.restore', filter: 'trash.filter' },
  timeline: { now: 'timeline.now', week: 'timeline.span', stats: 'charts.home' },
};

/** Words that mean several things: the action is among the first three. */
const AMONG_THREE: readonly (readonly [view: string, word: string, action: string])[] = [
  ['items', 'columns', 'items.columns'],
  ['jobs', 'alerts', 'messages.open'],
  ['jobs', 'stop', 'scheduler.stop'],
  ['jobs', 'copy', 'form.copy'],
  ['jobs', 'restore', 'transfer.restore'],
  ['jobs', 'export', 'transfer.export'],
  ['jobs', 'remote', 'homes.open'],
  ['jobs', 'history', 'jobs.happenings'],
  ['jobs', 'none', 'marks.all'],
  ['jobs', 'batch', 'marks.all'],
  ['jobs', 'columns', 'columns.restore'],
  ['jobs', 'schedule', 'form.edit'],
  ['jobs', 'suspend', 'program.suspend'],
  ['jobs', 'move', 'columns.move-left'],
  ['jobs', 'status', 'scheduler.show'],
  ['jobs', 'csv', 'items.write'],
];

function inView(name: string): State {
  const views = name === 'jobs' ? [{ name }] : [{ name: 'jobs' }, { name, jobId: 'a', runId: 'r' }];
  const state = someState({ views: views as unknown as State['views'] });
  return reduce(state, { kind: 'home', data: homeOf([jobRow('a')]), changed: [], activity: [] }).state;
}

const found = (view: string, word: string) => paletteRows(inView(view), word).map(({ action }) => action.id);

describe('the palette', () => {
  it.each(Object.entries(FIRST))('in %s finds first what a word of other programs means', (view, words) => {
    const first = Object.fromEntries(Object.keys(words).map((word) => [word, found(view, word)[0]]));
    expect(first).toEqual(words);
  });

  it('finds among the first three what a word can also mean', () => {
    const missed = AMONG_THREE.filter(([view, word, id]) => !found(view, word).slice(0, 3).includes(id));
    expect(missed).toEqual([]);
  });

  it('has its words for actions that there are, and no word twice for one', () => {
    const known = [...ACTIONS, ...COMMAND_ACTIONS];
    const problems = Object.entries(OTHER_WORDS).flatMap(([id, words]) => {
      const action = known.find((each) => each.id === id);
      if (action === undefined) return [`there is no ${id}`];
      const all = [...(action.synonyms ?? []), ...words];
      return all.filter((word, at) => all.indexOf(word) !== at).map((word) => `${id}: ${word}`);
    });
    expect(problems).toEqual([]);
    expect(reachableActions(inView('jobs')).length).toBeGreaterThan(50);
  });
});
