import { join, relative, sep } from 'node:path';
import type { Command, Option } from 'commander';
import { buildProgram } from '../src/cli/program.ts';
import { type HomePaths, resolveHome } from '../src/core/fs/paths.ts';
import { allCommands, argumentUsage, helpDetails } from './command-tree.ts';
import { bold, entry, italic, markdownLine, paragraphs, roff, section, verbatim } from './roff.ts';

export interface ManPageSources {
  version: string;
  /** `2026-12-01` */
  date: string;
  /** docs/reference/exit-codes.md: its first table becomes EXIT STATUS. */
  exitCodes: string;
  /** docs/reference/settings.md: its table of environment variables becomes ENVIRONMENT. */
  settings: string;
}

export interface ManPage {
  /** `quickscrape-job-create.1` */
  file: string;
  text: string;
}

const PROGRAM = 'quickscrape';
/** Neither hyphens nor wide gaps, so that commands and flags stay whole. */
const RAGGED = '.nh\n.ad l';

/** The pages that a reader of the first one wants next. */
const SEE_FIRST = ['demo', 'wizard', 'scrape', 'job-create', 'scheduler-start', 'doctor'];

const HOME_FILES: Readonly<Record<keyof HomePaths, string>> = {
  home: 'The home, unless $QUICKSCRAPE_HOME or --home names another folder. All that follows is in it.',
  jobs: 'Jobs, a JSON file each.',
  configs: 'Configurations, a YAML file each: what is scraped, and how.',
  settings: 'Settings of the home.',
  secrets: 'Passwords and keys for configurations, one NAME=value a line.',
  channels: 'Where messages about jobs are sent.',
  workers: 'Invitations of workers on other machines.',
  database: 'The history, the queue and the state of each job.',
  locks: 'Locks and lists of what was read.',
  runs: 'A folder for each run: its log, items and kept pages.',
  output: 'Results whose path is relative.',
  trash: 'Deleted jobs and configurations.',
  schedulerLog: 'The log of a scheduler in the background.',
  auditLog: 'What assistants and programs have called.',
};

/** A page for the program and one for each command: `quickscrape.1`, `quickscrape-job.1`, `quickscrape-job-create.1`. */
export function manPages(sources: ManPageSources): ManPage[] {
  const program = buildProgram();
  const page = (path: string, command: Command, sections: readonly string[]): ManPage => {
    const name = pageName(path);
    const header = `.TH ${roff(name.toUpperCase())} 1 ${sources.date} "quickscrape\\-jobs ${sources.version}" "QuickScrape Jobs"`;
    const nameSection = section('NAME', paragraphs(`${roff(name)} \\- ${roff(nameLine(command))}`));
    return { file: `${name}.1`, text: `${[header, RAGGED, nameSection, ...sections].join('\n')}\n` };
  };
  return [
    page('', program, programSections(program, sources)),
    ...allCommands(program).map(({ path, command }) =>
      page(
        path,
        command,
        command.commands.length > 0 ? groupSections(path, command) : leafSections(path, command),
      ),
    ),
  ];
}

function pageName(path: string): string {
  return [PROGRAM, ...path.split(' ')].filter((word) => word !== '').join('-');
}

function pageReference(path: string): string {
  return `${bold(pageName(path))}(1)`;
}

function summary(command: Command): string {
  return (command.summary() || command.description()).replace(/\.$/, '');
}

/** The summary as other manuals have it: without a capital letter. */
function nameLine(command: Command): string {
  const line = summary(command);
  return /^[A-Z][a-z]/.test(line) ? `${line.charAt(0).toLowerCase()}${line.slice(1)}` : line;
}

function programSections(program: Command, { exitCodes, settings }: ManPageSources): string[] {
  const paths = resolveHome({ home: '~' });
  const files = Object.entries(paths) as [keyof HomePaths, string][];
  const [steps = ''] = helpDetails(program).examples?.split('\n\n') ?? [];
  return [
    section(
      'SYNOPSIS',
      `${bold(PROGRAM)} [${italic('options')}]\n.br\n${bold(PROGRAM)} ${italic('command')} [${italic('options')}] [${italic('argument')} ...]`,
    ),
    section(
      'DESCRIPTION',
      paragraphs(
        roff(program.description()),
        'On a terminal, a command line without a command opens the dashboard.',
        `Each command has a page of its own: ${bold('man quickscrape-job-create')}.`,
      ),
    ),
    section('COMMANDS', ...commandEntries(program)),
    section(
      'OPTIONS',
      'All commands take these, before or after their name.',
      ...optionEntries(program),
      entry(bold('-h, --help'), 'print help for the command'),
    ),
    section('EXAMPLES', verbatim(steps)),
    section('ENVIRONMENT', ...tableEntries(settings, '## Environment variables')),
    section(
      'FILES',
      ...files.map(([key, path]) =>
        entry(
          italic(join('~/.quickscrape', relative(paths.home, path)).replaceAll(sep, '/')),
          roff(HOME_FILES[key]),
        ),
      ),
    ),
    section('EXIT STATUS', ...tableEntries(exitCodes, '# Exit codes')),
    section('SEE ALSO', paragraphs(`${SEE_FIRST.map(pageReference).join(', ')}.`)),
  ];
}

function groupSections(path: string, group: Command): string[] {
  return [
    section('SYNOPSIS', `${bold(`${PROGRAM} ${path}`)} ${italic('command')} [${italic('options')}]`),
    section('DESCRIPTION', paragraphs(roff(group.description()))),
    section('COMMANDS', ...commandEntries(group, path)),
    seeAlso(path, group),
  ];
}

function leafSections(path: string, command: Command): string[] {
  const { json, examples } = helpDetails(command);
  const words = [
    bold(`${PROGRAM} ${path}`),
    ...(command.options.length > 0 ? [`[${italic('options')}]`] : []),
    ...command.registeredArguments.map((argument) => italic(argumentUsage(argument))),
  ];
  const argumentEntries = command.registeredArguments
    .filter(({ description }) => description !== '')
    .map((argument) => entry(italic(argumentUsage(argument)), roff(argument.description)));
  return [
    section('SYNOPSIS', words.join(' ')),
    section('DESCRIPTION', paragraphs(...command.description().split('\n\n').map(roff)), ...argumentEntries),
    ...(command.options.length > 0 ? [section('OPTIONS', ...optionEntries(command))] : []),
    ...(json === undefined ? [] : [section('OUTPUT', paragraphs(`${bold('--json')} prints ${roff(json)}`))]),
    ...(examples === undefined ? [] : [section('EXAMPLES', verbatim(examples))]),
    seeAlso(path, command),
  ];
}

function commandEntries(parent: Command, path = ''): string[] {
  return parent.commands
    .filter((command) => command.name() !== 'complete')
    .map((command) => {
      const usage = [command.name(), ...command.registeredArguments.map(argumentUsage)].join(' ');
      const reference = pageReference(`${path} ${command.name()}`.trim());
      return entry(bold(usage), `${roff(summary(command))}: ${reference}.`);
    });
}

function optionEntries(command: Command): string[] {
  return command.options
    .filter(({ hidden }) => !hidden)
    .map((option) => entry(optionTerm(option), roff(optionText(option))));
}

function optionTerm({ flags }: Option): string {
  const [, names = flags, value = ''] = /^(.*?)( [<[].*)?$/.exec(flags) ?? [];
  return value === '' ? bold(names) : `${bold(names)} ${italic(value.trim())}`;
}

function optionText({ description, argChoices }: Option): string {
  return argChoices === undefined ? description : `${description} (${argChoices.join(', ')})`;
}

/** The rows of the first table below a heading; the first cell is the term, the second what it is. */
function tableEntries(page: string, heading: string): string[] {
  const below = page.split(`${heading}\n`)[1]?.trimStart() ?? '';
  const rows = below.split('\n\n')[0]?.split('\n').slice(2) ?? [];
  if (rows.length === 0) throw new Error(`no table stands below "${heading}"`);
  return rows.map((row) => {
    const [, term = '', meaning = ''] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return entry(/`/.test(term) ? markdownLine(term) : bold(term), markdownLine(meaning));
  });
}

function seeAlso(path: string, command: Command): string {
  const group = path.includes(' ') ? path.slice(0, path.lastIndexOf(' ')) : '';
  const siblings = (command.parent?.commands ?? [])
    .filter((other) => group !== '' && other !== command)
    .map((other) => `${group} ${other.name()}`);
  const pages = ['', ...(group === '' ? [] : [group]), ...siblings].map(pageReference);
  return section(
    'SEE ALSO',
    paragraphs(
      `${pages.join(', ')}.`,
      `Options of all commands, environment variables, files and exit codes are in ${pageReference('')}.`,
    ),
  );
}
