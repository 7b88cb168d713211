import { describe, expect, it } from 'vitest';
import { parseCommandFile, withCommandFile } from '../../../src/tui/app/command-file.ts';
import { footerParts } from '../../../src/tui/app/footer.ts';
import { helpRows } from '../../../src/tui/app/help-rows.ts';
import { withKeyFile } from '../../../src/tui/app/key-file.ts';
import { paletteRows } from '../../../src/tui/app/palette.tsx';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { State } from '../../../src/tui/kernel/model.ts';
import { visibleNotice } from '../../../src/tui/kernel/notices.ts';
import { codeBlocks } from '../../docs-pages.ts';
import { homeOf, jobRow, NOW, pastRun } from '../job-rows.ts';
import { run } from '../run-output.ts';
import { press, someState } from '../some-state.ts';

const SHOW = `show-job:
  title: Show the job in less
  scope: jobs
  key: X
  footer: show
  argv: [less, "{home}/jobs/{job_id}.json"]
`;

const VIEW = `view-output:
  title: View the output
  scope: [runs, items]
  key: ctrl+v
  background: true
  reads_only: true
  argv: [visidata, "{output_path}", "--title={config}", "{run_id} of {job_id}", "{{literal}}"]
`;

function dashboardWith(text: string, fields: Partial<State> = {}): State {
  const state = withCommandFile(someState({ now: NOW, ...fields }), { text });
  const data = homeOf([jobRow('news', { last: pastRun() })]);
  return reduce(state, { kind: 'home', data, changed: [], activity: [] }).state;
}

/** The runs of the job, one of them with this output file. */
function inRuns(text: string, outputPath: string | null): State {
  const { state } = press(dashboardWith(text), 'enter');
  const runs = [run('r1', { job_id: 'news', config_name: 'books', output_path: outputPath })];
  return { ...state, runs: { ...state.runs, runs, total: 1 } };
}

const problemsOf = (text: string) => parseCommandFile(text).problems;
const lastNotice = ({ notices }: State) => notices.at(-1)?.text;

describe('a command of the user', () => {
  it('is run by its key, with the values of what is selected', () => {
    expect(press(dashboardWith(SHOW), 'X').effects).toEqual([
      {
        kind: 'run_command',
        id: 'own.show-job',
        title: 'Show the job in less',
        argv: ['less', '/home/jobs/news.json'],
        background: false,
        readsOnly: false,
      },
    ]);
  });

  it('is run in each of its views, and says that it has begun when that is not seen', () => {
    const { state, effects } = press(inRuns(VIEW, '/home/output/books.csv'), 'ctrl+v');
    expect(effects).toMatchObject([
      { argv: ['visidata', '/home/output/books.csv', '--title=books', 'r1 of news', '{literal}'] },
    ]);
    expect(lastNotice(state)).toBe('View the output: begun.');
    expect(press(dashboardWith(VIEW), 'ctrl+v').effects).toEqual([]);
  });

  it('says why it cannot be run', () => {
    const { state, effects } = press(inRuns(VIEW, null), 'ctrl+v');
    expect(effects).toEqual([]);
    expect(lastNotice(state)).toBe('View the output: The run has written no file.');
    const empty = withCommandFile(someState(), { text: SHOW });
    expect(lastNotice(press(empty, 'X').state)).toBe('Show the job in less: No job is selected.');
  });

  it('is in the footer, the help and the palette, there also from other views', () => {
    const state = dashboardWith(SHOW);
    expect(footerParts(state, state.columns)).toContainEqual({ key: 'X', word: 'show' });
    expect(helpRows(state, 'less')).toMatchObject([{ group: 'Your own' }, { keys: 'X', reason: undefined }]);
    expect(paletteRows(state, 'less')[0]).toMatchObject({ key: 'X', reason: undefined });
    expect(paletteRows(state, 'show-job')[0]).toMatchObject({ action: { id: 'own.show-job' } });
    const [elsewhere] = paletteRows(inRuns(SHOW, null), 'show the job in less');
    expect(elsewhere?.reason).toBe('Only in the list of jobs.');
  });

  it('without a key is found by its name', () => {
    const text = SHOW.replace('  key: X\n', '');
    expect(problemsOf(text)).toEqual([]);
    expect(paletteRows(dashboardWith(text), 'less')[0]).toMatchObject({ key: '', reason: undefined });
  });

  it('is not run with --read-only, unless it only reads', () => {
    const { state, effects } = press(dashboardWith(SHOW, { readOnly: true }), 'X');
    expect(effects).toEqual([]);
    expect(lastNotice(state)).toContain('--read-only');
    const reads = dashboardWith(`${SHOW}  reads_only: true\n`, { readOnly: true });
    expect(press(reads, 'X').effects).toHaveLength(1);
  });

  it('takes its key from an action of the same view', () => {
    const state = dashboardWith(SHOW.replace('X', 'e'));
    expect(press(state, 'e').effects).toMatchObject([{ kind: 'run_command' }]);
    expect(paletteRows(state, 'edit the job')[0]?.key).toBe('');
  });

  it('does not take a key that keys.yaml gives to another action', () => {
    const withKeys = withKeyFile(someState(), { text: 'timeline.open: X\n' });
    const state = withCommandFile(withKeys, { text: SHOW });
    expect(state.commandFile.problems).toEqual([
      'commands.yaml: line 1: own.show-job cannot have the key X: timeline.open has X',
    ]);
    expect(press(state, 'X').state.views.at(-1)?.name).toBe('timeline');
  });
});

it('the documented commands are right', () => {
  const text = codeBlocks('docs/reference/dashboard.md', 'yaml').find((block) => block.includes('argv'));
  expect(parseCommandFile(text ?? '')).toMatchObject({
    problems: [],
    commands: [{ name: 'show-job' }, { name: 'count-lines', background: true }],
  });
});

describe('a mistake in commands.yaml', () => {
  it.each<[what: string, text: string, problem: string]>([
    ['a list', '- a\n', 'it must be a map such as "view-output: '],
    ['no YAML', 'a: [\n', 'line 2: '],
    ['a bad name', 'Show Job: {}\n', 'line 1: "Show Job" is no name: use small letters, digits, - and _'],
    ['no map', 'a: less\n', 'line 1: a: it must be a map with title, scope, argv'],
    ['a missing key', 'a:\n  title: A\n  scope: jobs\n', 'line 1: a: argv must be there'],
    [
      'an unknown key',
      SHOW.replace('footer', 'foter'),
      'line 5: show-job: there is no key "foter"; did you mean footer?',
    ],
    [
      'no key of an object',
      `${SHOW}  toString: 1\n`,
      'line 7: show-job: there is no key "toString"; allowed are ',
    ],
    [
      'an unknown view',
      SHOW.replace('scope: jobs', 'scope: [jobs, log]'),
      'line 3: show-job: scope: must be one of jobs, runs, items, configs, or a list of them',
    ],
    ['a key that is none', SHOW.replace('X', 'crtl+x'), 'line 4: show-job: key: "crtl+x" is not a key'],
    [
      'a text for a list',
      SHOW.replace(/argv: .*/, 'argv: less x'),
      'line 6: show-job: argv: must be a list of texts, the program first, such as [less, "{output_path}"]',
    ],
    [
      'a placeholder without a value there',
      SHOW.replace('{job_id}', '{output_path}'),
      'line 6: show-job: argv: {output_path} has no value in jobs: there are {home}, {job_id}, {config}, {run_id}; {{output_path}} is the text itself',
    ],
    [
      'a placeholder that is misspelt',
      SHOW.replace('{job_id}', '{jobid}'),
      'line 6: show-job: argv: there is no {jobid}; did you mean {job_id}?',
    ],
    [
      'a flag that is none',
      `${SHOW}  background: maybe\n`,
      'line 7: show-job: background: must be true or false',
    ],
    ['a name twice', `${SHOW}${SHOW}`, 'line 7: show-job: it is listed twice: this one counts'],
  ])('is named with its line: %s', (_, text, problem) => {
    const [first, ...others] = problemsOf(text);
    expect(first).toContain(`commands.yaml: ${problem}`);
    expect(others).toEqual([]);
  });

  it('at the start keeps only its command away', () => {
    const state = withCommandFile(someState(), { text: `${SHOW}broken: 1\n` });
    expect(state.commandFile.commands.map(({ name }) => name)).toEqual(['show-job']);
    expect(lastNotice(state)).toBe('commands.yaml: line 7: broken: it must be a map with title, scope, argv');
  });

  it('in a changed file leaves the commands as they were', () => {
    const changed = (state: State, text: string | undefined) =>
      reduce(state, { kind: 'command_file', text }).state;
    const state = changed(dashboardWith(SHOW), `${VIEW}broken: 1\n`);
    expect(lastNotice(state)).toContain('Your commands stay as they were.');
    expect(press(state, 'X').effects).toHaveLength(1);
    const fixed = changed(state, VIEW);
    expect(visibleNotice(fixed)?.text).toBe('The commands of commands.yaml work now.');
    expect(press(fixed, 'X').effects).toEqual([]);
    const gone = changed(fixed, undefined);
    expect(lastNotice(gone)).toBe('commands.yaml is gone.');
    expect(gone.commandFile).toEqual({ text: undefined, problems: [], commands: [] });
  });
});
