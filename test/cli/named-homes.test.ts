import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { it as test } from '../extend.ts';
import { inProcess } from './in-process.ts';
import { shopHome } from './shop-home.ts';

/** A folder of the user's files, with homes that have names. */
const it = test.extend('homes', ({ folder }) => {
  const before = process.env['XDG_CONFIG_HOME'];
  process.env['XDG_CONFIG_HOME'] = folder;
  onTestFinished(() => {
    if (before === undefined) delete process.env['XDG_CONFIG_HOME'];
    else process.env['XDG_CONFIG_HOME'] = before;
  });
  mkdirSync(join(folder, 'quickscrape'));
  const file = join(folder, 'quickscrape', 'homes.yaml');
  return { file, write: (homes: object) => writeFileSync(file, JSON.stringify(homes, null, 1)) };
});

it('--home @name and QUICKSCRAPE_HOME=@name mean the folder of homes.yaml', async ({ home, homes }) => {
  shopHome(undefined, home);
  homes.write({ acme: home });
  for (const [words, variable] of [
    [['list', '--json', '--home', '@acme'], '/nowhere'],
    [['--home=@acme', 'list', '--json'], '/nowhere'],
    [['list', '--json'], '@acme'],
  ] as const) {
    const { code, stdout, stderr } = await inProcess(words, variable);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).total).toBe(1);
  }
});

it('hints repeat the name', async ({ home, homes }) => {
  shopHome({}, home);
  homes.write({ acme: home });
  const { stderr } = await inProcess(['list', '--home', '@acme'], '/nowhere');
  expect(stderr).toContain('quickscrape init --home @acme');
  const missing = await inProcess(['job', 'show', 'x', '--home', '@acme'], '/nowhere');
  expect(missing.stderr).toContain('quickscrape job list --home @acme');
});

it('init makes a home of its name', async ({ home, homes }) => {
  homes.write({ acme: join(home, 'new') });
  const missing = await inProcess(['list', '--home', '@acme'], '/nowhere');
  expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('there is no home at')]);
  const { stdout } = await inProcess(['init', '--json', '--home', '@acme'], '/nowhere');
  expect(JSON.parse(stdout).home).toBe(join(home, 'new'));
});

it('a name that is unknown or wrong is refused with file, line and what there is', async ({ homes }) => {
  homes.write({ acme: '/srv/acme', wrong: 'somewhere' });
  const unknown = await inProcess(['list', '--home', '@acne', '--json'], '/nowhere');
  expect([unknown.code, JSON.parse(unknown.stderr).error]).toEqual([
    3,
    expect.objectContaining({ code: 'home_not_found', hint: 'Did you mean @acme?' }),
  ]);
  const wrong = await inProcess(['list'], '@wrong');
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    `error: ${homes.file}:3: wrong: "somewhere" must be an absolute folder, one below ~/, or ssh://HOST/FOLDER\n`,
  ]);
});

it('homes lists them, and says whether each can be reached', async ({ home, homes }) => {
  const none = await inProcess(['homes'], '/nowhere');
  expect([none.code, none.stderr]).toEqual([0, expect.stringContaining(`Add a line to ${homes.file}`)]);
  shopHome(undefined, home);
  homes.write({ acme: home, gone: '/nowhere/at/all', wrong: 'x' });
  const listed = await inProcess(['homes'], '/nowhere');
  expect(listed.code).toBe(2);
  expect(listed.stdout).toMatch(
    /^HOME +PLACE +STATE\n@acme +\S+ +0 jobs, no scheduler runs\n@gone .*there is no home at/,
  );
  expect(listed.stderr).toContain('@gone: To make a home there: quickscrape init --home /nowhere/at/all');
  expect(listed.stderr).toContain('homes.yaml:4: wrong:');
  const json = JSON.parse((await inProcess(['homes', '--json'], '/nowhere')).stdout);
  expect(json).toMatchObject({
    file: homes.file,
    homes: [
      { name: 'acme', place: home, reachable: true, jobs: 0, scheduler: false, problem: null, hint: null },
      { name: 'gone', reachable: false, jobs: null, scheduler: null },
    ],
    problems: [expect.stringContaining('wrong')],
  });
});

it('a command that needs the files of a home on another machine says where to run it', async ({ homes }) => {
  homes.write({ paris: 'ssh://me@paris:2222/srv/my%20scrapes' });
  const { code, stderr } = await inProcess(['scheduler', 'unit', 'systemd'], '@paris');
  expect([code, stderr]).toEqual([
    1,
    `error: scheduler unit works on the files of a home, and @paris is on me@paris\nhint: Run it there: ssh -p 2222 me@paris 'quickscrape scheduler unit systemd --home '\\''/srv/my scrapes'\\'''\n`,
  ]);
});
