import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { runFiles } from '../../src/core/runs/run-files.ts';
import { openWorkspace, type Workspace } from '../../src/core/workspace.ts';
import { tempFolder } from '../temp-folder.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { putRun } from './runtime/home/put-run.ts';
import { openDashboardIn, type TestTerminal } from './terminal.ts';

const HOUR = 3_600_000;

interface HomeWithRuns {
  home: string;
  /** The runs of `job-0000`, oldest first. */
  runs: string[];
  log(runId: string): string;
}

/** A home whose first job has run: a success, a failure, and a success with other items. */
async function homeWithRuns(): Promise<HomeWithRuns> {
  const home = await homeWithJobs(3);
  const workspace = openWorkspace({ home, actor: 'library' });
  const runs = [
    putRun(workspace, 'job-0000', { ago: 7 * HOUR, items: 3, tookMs: 4_000 }),
    putRun(workspace, 'job-0000', { ago: 4 * HOUR, status: 'failed', tookMs: 9_000 }),
    putRun(workspace, 'job-0000', { ago: HOUR, items: 3, tookMs: 2_000 }),
  ];
  const [first = '', , last = ''] = runs;
  writeItems(workspace, first, [
    { title: 'Attic', price: 51.77 },
    { title: 'Velvet', price: 20 },
    { title: '価格の本', price: 1 },
  ]);
  writeItems(workspace, last, [
    { title: 'Attic', price: 49.99 },
    { title: '価格の本', price: 1 },
    { title: 'Newcomer', price: 7 },
  ]);
  const log = (runId: string) => runFiles(workspace.paths, 'job-0000', runId).log;
  const line = (level: string, text: string) => `2026-11-26T09:00:00.000Z ${level} ${text}\n`;
  const pages = Array.from({ length: 80 }, (_, n) => line('INFO ', `page ${n}: HTTP 200, 20 items`));
  writeFileSync(
    log(last),
    pages.join('') +
      line('ERROR', 'no_items: \x1b[31mnothing\x1b[0m matched') +
      line('INFO ', 'run succeeded'),
  );
  workspace.close();
  return { home, runs, log };
}

function writeItems({ paths }: Workspace, runId: string, items: readonly object[]): void {
  const { items: file } = runFiles(paths, 'job-0000', runId);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
}

async function picture(terminal: TestTerminal, name: string): Promise<void> {
  if (process.env['TUI_PICTURES']) await terminal.picture(`${process.env['TUI_PICTURES']}/${name}.png`);
}

it('the selected run is one bar, whatever colours its parts have', async () => {
  const { home, runs } = await homeWithRuns();
  const terminal = openDashboardIn(home);
  await terminal.waitFor('job-0000');
  terminal.send('\r');
  const screen = await terminal.waitFor(runs.at(-1) ?? '');
  const row = screen.split('\n').findIndex((line) => line.includes(runs.at(-1) ?? ''));
  const sign = (screen.split('\n')[row] ?? '').indexOf('✓');
  expect(await terminal.cell(sign, row)).toMatchObject({ text: '✓', inverse: true, foreground: undefined });
  expect(await terminal.cell(sign, row + 1)).toMatchObject({ text: '✗', inverse: false, foreground: 1 });
});

it('goes from a job to its runs, their items, and what changed in them', async () => {
  const { home, runs } = await homeWithRuns();
  const terminal = openDashboardIn(home);
  await terminal.waitFor('job-0002');
  terminal.send('\r');
  const list = await terminal.waitFor('job-0000 · runs');
  await terminal.waitFor(runs[1] ?? '');
  await picture(terminal, 'runs');
  expect(list).not.toContain('job-0001');
  terminal.send('i');
  await terminal.waitFor('1 of 3 items');
  await picture(terminal, 'items');
  terminal.send('c');
  const changes = await terminal.waitFor('1 changed, 1 added, 1 removed of 4');
  expect(changes).toContain('by title');
  expect(changes).toMatch(/~ changed *│ Attic +│ +51.77 → 49.99/);
  expect(changes).toMatch(/\+ added *│ +Newcomer/);
  expect(changes).toMatch(/- removed *│ +Velvet/);
  await picture(terminal, 'changes');
  terminal.send('\r');
  await terminal.waitFor((screen) => screen.includes('price') && !screen.includes('Velvet'));
  terminal.send('\u001b');
  await terminal.waitFor('Velvet');
  terminal.send('t');
  await terminal.waitFor(/ same *│ +価格の本/);
  terminal.send('/change:removed\r');
  await terminal.waitFor(/^1 of 1 · all rows · change:removed/m);
});

it('counts the items of a damaged file, writes them, and takes clicks on headings and values', async () => {
  const { home, runs } = await homeWithRuns();
  const workspace = openTempWorkspace({ home });
  const { items } = runFiles(workspace.paths, 'job-0000', runs.at(-1) ?? '');
  const books = Array.from({ length: 60 }, (_, n) => ({ title: `Book ${n}`, price: `£${20 + n}.20` }));
  const lines = books.map((book, n) => (n === 11 ? '{"title":"Bo' : JSON.stringify(book)));
  writeFileSync(items, `${lines.join('\n')}\n`);
  const terminal = openDashboardIn(home, { columns: 120, rows: 35 });
  await terminal.waitFor('job-0002');
  terminal.send('\r');
  await terminal.waitFor(runs[2] ?? '');
  terminal.send('i');
  await terminal.waitFor('1 of 60 lines · 59 items · 1 line damaged');
  await picture(terminal, 'damaged');
  const file = join(tempFolder(), 'books.csv');
  terminal.send('x');
  await terminal.waitFor('Write 59 items to: ');
  terminal.send(`\u0015${file}\r`);
  await terminal.waitFor('Wrote 59 items; 1 damaged line (12) is left out: ');
  const screen = await terminal.waitFor('price 100 %');
  const click = (column: number, row: number) =>
    terminal.send(`\u001b[<0;${column + 1};${row + 1}M\u001b[<0;${column + 1};${row + 1}m`);
  click(screen.split('\n')[2]?.indexOf('price') ?? 0, 2);
  await terminal.waitFor('1 of 59 items · 1 line damaged · by price');
  await terminal.waitFor(/price▲ 100 %/);
  terminal.send('F');
  await terminal.waitFor(/59 values/);
  const values = await terminal.waitFor(/Values of price.*lowest £20\.20.*highest £79\.20/s);
  await picture(terminal, 'values');
  const row = values.split('\n').findIndex((line) => line.includes('£22.20'));
  click(values.split('\n')[row]?.indexOf('£22.20') ?? 0, row);
  click(values.split('\n')[row]?.indexOf('£22.20') ?? 0, row);
  await terminal.waitFor(/1 of 1 item \(59 in all\) · 1 line damaged · price=/);
});

it('says in full why a run cannot be compared, what to do, and q ends the dashboard there', async () => {
  const { home, runs } = await homeWithRuns();
  const workspace = openTempWorkspace({ home });
  rmSync(dirname(runFiles(workspace.paths, 'job-0000', runs[0] ?? '').items), { recursive: true });
  const terminal = openDashboardIn(home, { columns: 80, rows: 24 });
  await terminal.waitFor('job-0002');
  terminal.send('\r');
  await terminal.waitFor(runs[2] ?? '');
  terminal.send('i');
  await terminal.waitFor('1 of 3 items');
  terminal.send('c');
  const screen = await terminal.waitFor('has no items any more');
  expect(screen.replaceAll(/\s+/g, ' ')).toMatch(
    /keep_runs .* Run the job again: .*\. C chooses another run/,
  );
  expect(screen.split('\n').at(-1)).toMatch(/^c all items {2}.*C run/);
  terminal.send('q');
  // The thread that counts the columns does not keep the process.
  expect(await terminal.exited).toMatchObject({ exitCode: 0 });
});

it('compares any two runs, of which one is marked first', async () => {
  const { home, runs } = await homeWithRuns();
  const terminal = openDashboardIn(home);
  await terminal.waitFor('job-0002');
  terminal.send('\r');
  await terminal.waitFor(runs[0] ?? '');
  terminal.send(' ');
  await terminal.waitFor(new RegExp(`▌◆${runs[2]}[^]*${runs[2]} is marked`));
  await picture(terminal, 'marked');
  terminal.send('Gc');
  const screen = await terminal.waitFor('1 changed, 1 added, 1 removed of 4');
  expect(screen).toContain(`what changed from ${runs[0]} to ${runs[2]}`);
});

it('follows a log as it grows, stops when one scrolls, finds, and goes to the first error', async () => {
  const { home, runs, log } = await homeWithRuns();
  const terminal = openDashboardIn(home);
  await terminal.waitFor('job-0002');
  terminal.send('l');
  await terminal.waitFor('run succeeded');
  appendFileSync(log(runs[2] ?? ''), '2026-11-26T09:00:01.000Z INFO  one line more\n');
  await terminal.waitFor('one line more');
  await picture(terminal, 'log');
  expect(await terminal.waitFor('ended')).not.toContain('following');
  terminal.send('kkk');
  await terminal.waitFor((screen) => !screen.includes('one line more'));
  appendFileSync(log(runs[2] ?? ''), '2026-11-26T09:00:02.000Z INFO  and another\n');
  await terminal.waitFor('1 new line');
  terminal.send('gg/page 7\r');
  const found = await terminal.waitFor('"page 7": 1 of 11');
  expect(found).toContain('page 7:');
  await picture(terminal, 'search');
  terminal.send('N');
  await terminal.waitFor('11 of 11');
  terminal.send('e');
  await terminal.waitFor('no_items');
  expect(terminal.raw).not.toContain('\x1b[31mnothing');
  terminal.send('&error');
  await terminal.waitFor((screen) => !screen.includes('page 79'));
  terminal.send('\u001b');
  await terminal.waitFor('page 79');
  terminal.send('G');
  await terminal.waitFor('and another');
});

it('shows a day in a strip a job: what ran, where now is, what comes; and opens the run under the cursor', async () => {
  const { home, runs } = await homeWithRuns();
  const terminal = openDashboardIn(home, { columns: 120, rows: 24 });
  await terminal.waitFor('job-0002');
  terminal.send('T');
  await terminal.waitFor(/job-0000 .*█.*✗.*█/);
  const day = await terminal.waitFor(/at once, of \d/);
  expect(day).toContain('nothing');
  await picture(terminal, 'timeline');
  terminal.send('N');
  await terminal.waitFor(new RegExp(`succeeded in 2.0s, 3 items .*${runs[2]}`));
  terminal.send('N');
  await terminal.waitFor(new RegExp(`failed in 9.0s .*${runs[1]}`));
  terminal.send('w');
  await terminal.waitFor(/Timeline, (about )?\d+ days/);
  await picture(terminal, 'timeline-week');
  terminal.send('w');
  await terminal.waitFor(/Timeline, (about )?\d+ hours/);
  terminal.send('tn');
  await terminal.waitFor(/is due/);
  terminal.send('N');
  await terminal.waitFor(`${runs[2]}`);
  terminal.send('N');
  await terminal.waitFor(`${runs[1]}`);
  terminal.send('\r');
  await terminal.waitFor(`log of ${runs[1]}`);
  terminal.send('\u001b');
  await terminal.waitFor('Timeline');
  for (const [columns, rows] of [
    [40, 10],
    [60, 12],
    [200, 50],
  ] as const) {
    terminal.resize(columns, rows);
    await terminal.waitFor(
      (screen) => screen.includes('job-0000') && (screen.split('\n').at(-1)?.includes('q quit') ?? false),
    );
    await picture(terminal, `timeline-${columns}`);
  }
});

it('shows how far a run is while it goes on, in the history and over its log', async () => {
  const home = await homeWithJobs(1);
  const workspace = openTempWorkspace({ home });
  const runId = putRun(workspace, 'job-0000', { status: 'running', ago: 5_000 });
  const terminal = openDashboardIn(home, { columns: 110 });
  await terminal.waitFor('job-0000');
  terminal.send('\r');
  await terminal.waitFor(new RegExp(`${runId}.*running .*\\d+s`));
  const come = (pages: number) =>
    workspace.db.run('UPDATE runs SET pages = ?, items = ?, total_pages = 40 WHERE run_id = ?', [
      pages,
      pages * 20,
      runId,
    ]);
  come(10);
  await terminal.waitFor(new RegExp(`${runId}.*running .*█▊░░░░░ +200 `));
  await picture(terminal, 'runs-live');
  terminal.send('\r');
  await terminal.waitFor(`log of ${runId}`);
  come(20);
  await terminal.waitFor('████████░░░░░░░░ 20 of 40 pages, 400 items');
  await terminal.waitFor('following');
  come(21);
  await terminal.waitFor(/21 of 40 pages, 420 items · .*pages\/min · .* left/);
  await picture(terminal, 'log-live');
});

it('shows the log of the run that was asked for from its queue on, and goes on to the one that begins after it', async () => {
  const home = await homeWithJobs(1);
  const workspace = openTempWorkspace({ home });
  const put = (status: string, ago: number) => putRun(workspace, 'job-0000', { status, ago });
  const write = (runId: string, text: string) => {
    const { log } = runFiles(workspace.paths, 'job-0000', runId);
    mkdirSync(dirname(log), { recursive: true });
    appendFileSync(log, `2026-11-26T09:00:00.000Z INFO  ${text}\n`);
  };
  write(put('succeeded', HOUR), 'of the run before');
  const queued = put('queued', 900);
  const terminal = openDashboardIn(home, { columns: 110 });
  await terminal.waitFor('job-0000');
  terminal.send('l');
  const waiting = await terminal.waitFor(`${queued} queued, waiting for`);
  expect(waiting).not.toContain('of the run before');
  const now = workspace.clock.now();
  workspace.db.run(`UPDATE runs SET status = 'running', started_at = ? WHERE run_id = ?`, [now, queued]);
  write(queued, 'it has begun');
  await terminal.waitFor(/following[\s\S]*it has begun/);
  workspace.db.run(`UPDATE runs SET status = 'failed', finished_at = ? WHERE run_id = ?`, [now, queued]);
  const ended = await terminal.waitFor(/ended[\s\S]*it has begun/);
  expect(ended).not.toContain('following');
  const next = put('running', -1_000);
  write(next, 'the next one');
  expect(await terminal.waitFor(/following[\s\S]*the next one/)).toContain(`log of ${next}`);
});
