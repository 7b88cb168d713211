import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkspace } from '../../src/core/workspace.ts';
import type { CommandResult } from '../program.ts';
import { BOOKS, type Home, shopHome } from './shop-home.ts';

// One home with a job for all lines: none of them changes it.
const folder = mkdtempSync(join(tmpdir(), 'quickscrape-test-'));
let home: Home;

beforeAll(async () => {
  home = shopHome({ books: BOOKS }, folder);
  const workspace = openWorkspace({ home: folder, actor: 'library' });
  const schedule = { type: 'custom', cron_expression: '@daily', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'books', schedule } }, 'library');
  workspace.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Line = [line: string, code: number, stderr: RegExp];

const LINES: Line[] = [
  ['jbo list', 2, /error: unknown command 'jbo'\nhint: Did you mean job\?/],
  ['job lst', 2, /unknown command 'lst'\nhint: Did you mean list\?/],
  ['job list --staus failed', 2, /unknown option '--staus'\nhint: Did you mean --status\?/],
  ['job list --staus=failed', 2, /unknown option '--staus=failed'\nhint: Did you mean --status\?/],
  ['job list -x --staus failed', 2, /unknown option '-x'\nhint: Add --help/],
  ['job list --status gone', 2, /Allowed choices are pending/],
  ['scrape books --dry-run', 2, /unknown option '--dry-run'\nhint: Did you mean --sample 5\?/],
  ['job list extra', 2, /too many arguments/],
  ['job list --format xml', 2, /Allowed choices are table, json, yaml/],
  ['job list --limit 0', 2, /whole number/],
  ['job', 2, /Usage: quickscrape job/],
  ['rpc --framing ndjson', 2, /Allowed choices are lines, content-length/],
  ['rpc --allow-private-hosts 10.0.0.0/8', 2, /HOST or HOST:PORT/],
  ['mcp --allow-private-hosts nas:0', 2, /HOST or HOST:PORT/],
  ['mcp --tools list_jobs,get_jop', 2, /There is no operation "get_jop"\. Did you mean get_job or get_log\?/],
  ['rpc --exclude-tools list_job', 2, /Did you mean list_jobs/],
  ['rpc --toolsets all', 2, /There is no group "all"\. .*read, jobs/],
  ['mcp --read-only --tools create_job', 2, /no operation is left to offer with --read-only and --tools/],
  ['mcp --allow-private-hosts http://nas/', 2, /HOST or HOST:PORT/],
  ['job show', 2, /missing required argument 'job'/],
  ['job show nope', 3, /there is no job "nope"/],
  ['job show min', 0, /^$/],
  ['job create', 2, /required option '--config <name>' not specified/],
  ['job create --config books', 2, /a job needs a schedule\nhint: For example: --schedule daily/],
  [
    'job create --config boks --schedule daily --at 09:00',
    3,
    /no configuration "boks"\nhint: Did you mean books\?/,
  ],
  ['job create --config books --schedule daily', 2, /--schedule daily needs --at/],
  ['job create --config books --schedule weekly --at 09:00', 2, /needs --day/],
  ['job create --config books --schedule daily --at 25:00', 2, /"25:00"/],
  ['job create --config books --schedule daily --at 09:00 --cron @daily', 2, /exclude each other/],
  ['job create --config books --schedule daily --at 09:00 --timezone Mars/X', 2, /Mars\/X/],
  ['job create --config books --schedule once --date 2026-02-30 --at 09:00', 2, /2026-02-30/],
  ['job create --config books --schedule hourly --minute 60', 2, /from 0 to 59/],
  ['job create --config books --schedule sometimes', 2, /Allowed choices are once/],
  ['job create --config books --cron nonsense', 2, /nonsense/],
  [
    'job create --config books --cron @daily --max-retries x',
    2,
    /'--max-retries <n>' argument 'x' is invalid/,
  ],
  ['job create --config books --cron @daily --max-retries 1000', 2, /max_retries: must be a whole number/],
  ['job create --config books --cron @daily --output-path x_{nope}.csv', 2, /unknown placeholder \{nope\}/],
  [
    'job create --config books --cron @daily --output-format excell',
    2,
    /one of csv, json, jsonl, excel, sqlite, not "excell"/,
  ],
  ['job create --config books --cron @daily --id UPPER', 2, /job_id: "UPPER"/],
  ['job create --config books --cron @hourly --id mine', 4, /already, with other values of schedule/],
  ['job update mine', 2, /nothing to change/],
  ['job update mine --enable --disable', 2, /exclude each other/],
  ['job update mine --day mon', 2, /which --day cannot change/],
  ['job update mine --max-retries 1 --if-revision 9', 4, /revision/],
  ['job update nope --disable', 3, /no job "nope"/],
  ['job delete mine', 2, /there is no terminal to confirm on\nhint: Add --force/],
  ['job delete nope --force', 3, /no job "nope"/],
  ['job restore mine', 3, /in the trash/],
  ['job clone mine mine', 4, /already/],
  ['job run nope', 3, /no job/],
  ['job cancel nope', 3, /no run/],
  ['job retry nope', 3, /no run/],
  ['job items nope', 3, /no run/],
  ['job items nope --where price', 2, /Write a field, an operator and a value: 'price<20'/],
  ['job items nope --where price~', 2, /After ~ stands a value/],
  ['job logs mine', 3, /has not run yet/],
  ['job logs mine --run nope', 3, /no run/],
  ['job history nope', 3, /no job/],
  ['job history mine --since yesterday', 2, /"yesterday" is not an instant/],
  ['job next mine --count 0', 2, /from 1 to 1000/],
  ['show boks', 3, /boks/],
  ['validate boks', 3, /boks/],
  ['validate ./absent.yaml', 3, /there is no file/],
  ['scrape boks', 3, /boks/],
  ['scrape books --backend selenium', 2, /Allowed choices are auto, requests/],
  ['scrape books --output-format xls', 2, /Allowed choices/],
  ['scrape books --quiet', 1, /127\.0\.0\.1:9/],
  ['schedule preview', 2, /--schedule or --cron is missing/],
  ['schedule preview --cron @daily --from never', 2, /"never" is not an instant/],
  ['config get no_such', 2, /no_such/],
  ['config get max_concurrent_run', 2, /Did you mean max_concurrent_runs/],
  ['config set max_concurrent_runs none', 2, /whole number|number from/],
  ['config reset no_such', 2, /no_such/],
  ['scheduler stop', 1, /no scheduler is running/],
  ['scheduler unit windows', 2, /Allowed choices are systemd, launchd/],
  ['completion tcsh', 2, /Allowed choices are bash, zsh, fish/],
  ['import ./absent.json', 2, /does not exist/],
];

function expectRefusal([line, code, stderr]: Line, said: CommandResult): void {
  expect([said.code, said.stderr]).toEqual([code, expect.stringMatching(stderr)]);
  expect(said.stderr).not.toMatch(/\bat .*\.[jt]s:\d+/);
  if (code !== 0 && !line.startsWith('validate')) expect(said.stdout).toBe('');
}

it.each(LINES)('%s → exit %i', async (...line) => {
  expectRefusal(line, await home.qs(...line[0].split(' ')));
});

// The first line of each exit code.
it.each(LINES.filter(([, code], at) => LINES.findIndex(([, first]) => first === code) === at))(
  'the built program: %s → exit %i',
  async (...line) => {
    expectRefusal(line, await home.program(...line[0].split(' ')));
  },
);

it('prints errors as one JSON object with --json, wherever the flag stands', async () => {
  const { qs } = home;
  for (const args of [
    ['--json', 'job', 'show', 'nope'],
    ['job', 'show', 'nope', '--format', 'json'],
    ['job', 'shw', '--json'],
  ]) {
    const said = await qs(...args);
    expect(said.stdout).toBe('');
    const { error } = JSON.parse(said.stderr);
    expect(error).toMatchObject({
      message: expect.any(String),
      code: expect.any(String),
      hint: expect.any(String),
    });
  }
  const { stderr } = await qs(
    'job',
    'create',
    '--config',
    'books',
    '--cron',
    '@daily',
    '--priority',
    '1.5',
    '--json',
  );
  expect(JSON.parse(stderr).error.code).toBe('invalid_params');
});
