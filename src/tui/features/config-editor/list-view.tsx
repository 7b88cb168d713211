import { Box } from 'ink';
import { memo } from 'react';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import type { State } from '../../kernel/model.ts';
import { FilterLine, isFiltered } from '../../ui/components/field.tsx';
import { SpokenList } from '../../ui/components/spoken-list.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { formatClockTime } from '../../ui/format.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import { rowsOfText } from './config-navigation.ts';
import {
  allConfigs,
  findCheck,
  findConfig,
  findDraft,
  jobsUsing,
  listedConfigs,
  selectedConfig,
} from './config-state.ts';
import { type ConfigRow, describeFindings } from './model.ts';
import { TextHead, TextRows } from './view.tsx';

/**
 * The list of configurations, one line each: whether they can run, their site, pages and fields, and the jobs that use
 * them.
 */
export function ConfigList({ state, rect, focused }: PaneProps) {
  const { screenReader, sign } = useTheme();
  const { list, rows, filter } = state.configs;
  const names = listedConfigs(state);
  if (rows === undefined) return <Text style="faint">Reading the configurations…</Text>;
  const all = allConfigs(state).length;
  if (all === 0)
    return (
      <Text style="faint">
        {truncateToWidth('No configurations yet. n creates one for an address.', rect.columns)}
      </Text>
    );
  const widths = widthsFor(rect.columns, longestCells(state, names, rows));
  const shown = names.slice(list.top, list.top + rect.rows - 1);
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box flexShrink={0}>
        {isFiltered(filter) ? (
          <FilterLine filter={filter} listed={names.length} all={all} columns={rect.columns} />
        ) : (
          <Text style="heading">
            {screenReader ? 'Configurations' : fitTo(line(TITLES, widths), rect.columns)}
          </Text>
        )}
      </Box>
      {screenReader && (
        <SpokenList
          texts={shown.map((name) => {
            const before = name === list.selected ? sign('pointer') : '';
            return before + spokenConfig(state, name);
          })}
          selected={shown.indexOf(list.selected ?? '')}
          focused={focused}
          columns={rect.columns}
          rows={rect.rows - 1}
        />
      )}
      {(screenReader ? [] : shown).map((name) => (
        <ConfigLine
          key={name}
          {...lineOf(state, name, widths, rect.columns)}
          selected={name === list.selected}
          focused={focused}
        />
      ))}
    </Box>
  );
}

interface LineProps {
  icon: string;
  /** Of the icon. */
  style: StyleName;
  /** Whether it cannot be used. */
  isBad: boolean;
  text: string;
  selected: boolean;
  focused: boolean;
}

const ConfigLine = memo(function ConfigLine({ icon, style, isBad, text, selected, focused }: LineProps) {
  const theme = useTheme();
  const over = selected ? (focused ? 'selected' : 'marked') : undefined;
  return (
    <Box flexShrink={0} height={1}>
      <Text style="pointer" over={over}>
        {selected ? theme.sign('pointer') : ' '}
      </Text>
      <Text
        style={icon === ' ' ? 'plain' : style}
        over={over}
      >{` ${icon === '!' ? theme.sign('warning') : icon} `}</Text>
      <Text style={isBad ? 'bad' : 'plain'} over={over}>
        {text}
      </Text>
    </Box>
  );
});

type Cells = Readonly<Record<'name' | 'host' | 'pages' | 'fields' | 'jobs' | 'changed', string>>;
type Widths = readonly (readonly [keyof Cells, number])[];

const TITLES: Cells = {
  name: '    NAME',
  host: 'SITE',
  pages: 'PAGES',
  fields: 'FIELDS',
  jobs: 'JOBS',
  changed: 'CHANGED',
};
const GAP = 2;
/** The width of pointer and icon, in cells. */
const HEAD = 4;

/** The cells of the longest name, site, description of the pages, and description of the jobs. */
function longestCells(state: State, names: readonly string[], rows: readonly ConfigRow[]) {
  const longest = (texts: readonly string[], least: number) =>
    texts.reduce((most, text) => Math.max(most, displayWidth(text)), least);
  return {
    name: longest(names, 8),
    host: longest(rows.map(siteOf), TITLES.host.length),
    pages: longest(
      rows.map(({ summary }) => summary.pages),
      TITLES.pages.length,
    ),
    jobs: longest(
      names.map((name) => describeJobs(state, name).text),
      TITLES.jobs.length,
    ),
  };
}

const MAX_NARROW_PAGES = 15;

/**
 * The widths of the columns that fit, most important first. The site has what it needs; what it leaves goes to the
 * pages.
 */
function widthsFor(columns: number, longest: ReturnType<typeof longestCells>): Widths {
  const name = Math.min(longest.name, Math.max(12, Math.floor(columns * 0.3)));
  const pages = Math.min(longest.pages, MAX_NARROW_PAGES);
  let room = columns - HEAD - name - GAP;
  const wanted: [keyof Cells, number][] = [
    ['jobs', longest.jobs],
    ['fields', 6],
    ['pages', pages],
    ['changed', 9],
  ];
  const visible = new Set<keyof Cells>();
  for (const [key, cells] of wanted) {
    if (room - cells - GAP < 12) continue;
    room -= cells + GAP;
    visible.add(key);
  }
  const host = Math.max(0, Math.min(room, longest.host));
  const more = Math.max(0, Math.min(room - host, longest.pages - pages));
  const width: Record<string, number> = { ...Object.fromEntries(wanted), name, host, pages: pages + more };
  const order = ['name', 'host', 'pages', 'fields', 'jobs', 'changed'] as const;
  return order
    .filter((key) => key === 'name' || key === 'host' || visible.has(key))
    .map((key) => [key, width[key] ?? 0] as const);
}

function line(cells: Cells, widths: Widths): string {
  const right: readonly string[] = ['fields', 'jobs'];
  return widths
    .map(([key, width]) => {
      const wide = key === 'name' && cells === TITLES ? width + HEAD : width;
      return fitTo(cells[key], wide, right.includes(key) ? 'right' : 'left');
    })
    .join(' '.repeat(GAP));
}

/** A configuration that cannot be used shows the reason instead of its facts. */
function lineOf(state: State, name: string, widths: Widths, columns: number) {
  const row = findConfig(state, name);
  const check = findCheck(state, name);
  const hasDraft = findDraft(state, name) !== undefined;
  const problem = describeProblem(state, name);
  const nameCells = widths[0]?.[1] ?? 0;
  const rest = columns - HEAD - nameCells - GAP;
  const jobs = describeJobs(state, name);
  const style: StyleName =
    problem !== null
      ? 'bad'
      : hasDraft || (check?.warnings.length ?? 0) > 0
        ? 'warning'
        : (jobs.mark?.style ?? 'good');
  const icon = problem !== null ? '!' : hasDraft ? '*' : (jobs.mark?.icon ?? ' ');
  const isBad = problem !== null;
  if (row === undefined || problem !== null) {
    const text = sanitizeText(problem ?? NOT_SAVED);
    return { icon, style, isBad, text: `${fitTo(name, nameCells)}  ${fitTo(text, rest)}` };
  }
  return { icon, style, isBad, text: fitTo(line(cellsOf(state, row), widths), columns - HEAD) };
}

const NOT_SAVED = 'new, not saved yet';

/** Why a configuration cannot be used: how many problems it has, and the first one; `null` when it can be used. */
function describeProblem(state: State, name: string): string | null {
  const row = findConfig(state, name);
  const check = findCheck(state, name);
  const problem = row?.problem ?? check?.problem ?? null;
  if (problem === null) return null;
  const count = check === undefined ? '' : `${describeFindings(check)}: `;
  const first = check?.issues[0];
  return first === undefined
    ? `${count}${problem.replace(`${row?.file}:`, 'line ')}`
    : `${count}line ${first.line ?? 1}: ${first.path} ${first.message}`;
}

function cellsOf(state: State, row: ConfigRow): Cells {
  const { pages, fields } = row.summary;
  return {
    name: row.name,
    host: siteOf(row),
    pages,
    fields: String(fields.length),
    jobs: describeJobs(state, row.name).text,
    changed: formatClockTime(row.updatedAt, state.now, state.timezone),
  };
}

/** The same as a sentence, for screen readers. */
function spokenConfig(state: State, name: string): string {
  const row = findConfig(state, name);
  const problem = describeProblem(state, name);
  if (row === undefined || problem !== null) return `${name}, ${problem ?? NOT_SAVED}`;
  const isEdited = findDraft(state, name) !== undefined;
  return `${sentence(cellsOf(state, row), describeJobs(state, name).count)}${isEdited ? ', edited, not saved' : ''}`;
}

/** The states of a job that need a person. */
const MARKED_STATES = ['invalid', 'failed', 'paused', 'retrying'] as const;

/** How many jobs use a configuration, and the worst state of them if it needs a person: `2`, `1 failed`, `1 of 3 failed`. */
function describeJobs(state: State, name: string) {
  const jobs = jobsUsing(state.home, name);
  const worst = MARKED_STATES.find((each) => jobs.some((job) => job.state === each));
  const count = jobs.length;
  if (worst === undefined) return { count, text: `${count}`, mark: undefined };
  const mark = STATUS_DISPLAY[worst];
  const those = jobs.filter((job) => job.state === worst).length;
  return { count, text: `${those === count ? count : `${those} of ${count}`} ${mark.word}`, mark };
}

/** `books.example and 2 more` */
function siteOf({ summary: { host, addresses } }: ConfigRow): string {
  return `${host ?? '-'}${addresses > 1 ? ` and ${addresses - 1} more` : ''}`;
}

function sentence({ name, host, pages, fields, jobs, changed }: Cells, count: number): string {
  const ofJobs = jobs === `${count}` ? pluralize(count, 'job') : `${pluralize(count, 'job')} (${jobs})`;
  const counts = `${pluralize(Number(fields), 'field')}, ${ofJobs}`;
  return `${name}, ${host}, ${pages}, ${counts}, changed ${changed}`;
}

/** The text of the selected configuration, beside the list. */
export function ConfigPreview({ state, rect, focused }: PaneProps) {
  const name = selectedConfig(state);
  if (name === undefined) return <Text style="faint">No configuration is selected.</Text>;
  const problem = findConfig(state, name)?.problem;
  const { textTop } = state.configs;
  const all = problem ? [] : rowsOfText(state, name, rect.columns);
  const scroll = { top: textTop, height: rect.rows - 1, count: all.length };
  const rows = all.slice(textTop, textTop + scroll.height);
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <TextHead state={state} name={name} columns={rect.columns} focused={focused} scroll={scroll} />
      {problem && <Text style="bad">{problem}</Text>}
      <TextRows rows={rows} columns={rect.columns} />
    </Box>
  );
}
