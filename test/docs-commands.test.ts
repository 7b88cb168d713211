import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommanderError } from 'commander';
import { expect } from 'vitest';
import { allCommands } from '../build/command-tree.ts';
import { buildProgram } from '../src/cli/program.ts';
import { JobSchedule } from '../src/core/schedule/job-schedule.ts';
import type { ScheduleDict } from '../src/core/schedule/rule.ts';
import { inProcess } from './cli/in-process.ts';
import { codeBlocks, GUIDES, pageText } from './docs-pages.ts';
import { it } from './extend.ts';

const FROM = new Date('2026-11-25T00:00:00Z');

/** The words of a command line as a shell parts them; nothing is expanded. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double?: string, single = '') =>
      double === undefined ? single : double.replaceAll(/\\(.)/g, '$1'),
    ),
  );
}

/** The commands of ours in a page's blocks for a shell. */
function commandFactories(page: string): string[] {
  return codeBlocks(page, 'sh', 'text')
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => line.split(/ \| | && | > /))
    .map((line) => line.trim())
    .filter((line) => /^quickscrape(?: |$)/.test(line));
}

/** Reads a command line as the program does, and carries nothing out. @throws what commander says of it */
function read(words: readonly string[]): void {
  const program = buildProgram();
  for (const { command } of allCommands(program)) if (command.commands.length === 0) command.action(() => {});
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if ((error as CommanderError).code !== 'commander.version') throw error;
  }
}

it.each(GUIDES.filter((page) => commandFactories(page).length > 0))(
  'every command of %s is one of the program’s, with flags that it has',
  (page) => {
    for (const line of commandFactories(page)) {
      expect(wordsOf(line), 'zsh takes a comment for more words').not.toContain('#');
      // Alone it opens the dashboard.
      if (line !== 'quickscrape') expect(() => read(wordsOf(line).slice(1)), line).not.toThrow();
    }
  },
);

it('notices a command that is not there, and a flag that a command lacks', () => {
  expect(() => read(['jobs', 'list'])).toThrow('unknown command');
  expect(() => read(['job', 'list', '--running'])).toThrow('unknown option');
});

it('every line of the crontab page makes the job that it stands for', async ({ home }) => {
  const rows = [...pageText('docs/how-to/crontab.md').matchAll(/^\| `(.*?)`.*?\| `(job create .*?)` \|$/gm)];
  expect(rows.length).toBeGreaterThan(6);
  mkdirSync(join(home, 'configs'));
  for (const [, line = '', command = ''] of rows) {
    const words = wordsOf(command);
    const config = words[words.indexOf('--config') + 1] ?? '';
    writeFileSync(
      join(home, 'configs', `${config}.yaml`),
      'url: https://shop.example/\nitem: p\nselectors: {a: b}\n',
    );
    const said = await inProcess([...words, '--dry-run', '--json', '--timezone', 'UTC'], home);
    expect({ command, ...said }).toMatchObject({ code: 0 });
    const { job } = JSON.parse(said.stdout);
    const cron = /^@\w+|^(?:\S+ ){4}\S+/.exec(line)?.[0] ?? '';
    const times = (schedule: ScheduleDict) => JobSchedule.fromDict(schedule).getNextRunTimes(5, FROM);
    expect(times(job.schedule), line).toEqual(
      times({ type: 'custom', cron_expression: cron, timezone: 'UTC' }),
    );
  }
});

it('the job file explained line by line is what its command writes, and every field is explained', async ({
  home,
}) => {
  const page = 'docs/reference/job-file.md';
  mkdirSync(join(home, 'configs'));
  writeFileSync(
    join(home, 'configs', 'books.yaml'),
    'params: {shelf: {}}\nurl: https://shop.example/\nitem: p\nselectors: {a: b}\n',
  );
  writeFileSync(join(home, 'channels.yaml'), 'me: { type: desktop }\n');
  const [command = ''] = commandFactories(page);
  expect(await inProcess(wordsOf(command).slice(1), home)).toMatchObject({ code: 0 });
  const written = JSON.parse(readFileSync(join(home, 'jobs', 'prices.json'), 'utf8'));
  const shown = JSON.parse(codeBlocks(page, 'json')[0] ?? '');
  expect(Object.keys(shown)).toEqual(Object.keys(written));
  const { next_run: _, created_at: __, updated_at: ___, ...lasting } = written;
  expect(shown).toMatchObject(lasting);
  const explained = [...pageText(page).matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([$\w]+)`/g)].map(([, name]) => name),
  );
  expect(explained.sort()).toEqual(Object.keys(written).sort());
});
