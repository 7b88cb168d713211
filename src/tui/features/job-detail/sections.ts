import { pluralize } from '../../../core/lib/pluralize.ts';
import type { DefinitionField } from '../../../core/model/definition.ts';
import { DEFINITION_DEFAULTS, DEFINITION_FIELDS } from '../../../core/model/definition.ts';
import { describeAuthor, toAuthor } from '../../home/author.ts';
import { describeStateMeaning, STATUS_DISPLAY } from '../../home/job-states.ts';
import type { StyledRow, StyledSpan } from '../../ui/styled-row.ts';
import { BLANK, labeledText, styledRow, wrappedRows } from '../../ui/styled-row.ts';
import { textWidth } from '../../ui/text/fit.ts';
import { formatClockTime, localizeInstants } from '../../ui/time/format-date-time.ts';
import { formatCountdown } from '../../ui/time/format-duration.ts';
import { shortenError } from '../jobs/job-cells.ts';
import type { DetailParts, DetailSection } from './model.ts';
import { nextRunRows } from './next-run-section.ts';
import { findRunningRun, progressRows } from './progress-section.ts';
import { lastRunRows, pastRunRows } from './run-sections.ts';

/** The state of a job, its next run and its description. */
const headRows: DetailSection = ({ row, columns }) => {
  const { state, failures, nextRun, description } = row;
  const { icon, word, style } = STATUS_DISPLAY[state];
  const spans: StyledSpan[] = [{ text: `${icon} ${word}`, style }];
  if (failures > 1) spans.push({ text: `, ${pluralize(failures, 'failure')} in a row`, style: 'plain' });
  const about = description === '' ? [] : wrappedRows(description, columns, 'plain', 3);
  if (nextRun === null || row.active.length > 0) return [styledRow(columns, ...spans), ...about];
  const next = (now: number) => `next run ${formatCountdown(nextRun, now)}`;
  const cells = spans.reduce((sum, { text }) => sum + textWidth(String(text)), 0);
  // A truncated countdown would show a wrong time.
  if (cells + MAX_NEXT_RUN_CELLS > columns)
    return [styledRow(columns, ...spans), styledRow(columns, { text: next, style: 'plain' }), ...about];
  return [styledRow(columns, ...spans, { text: (now) => ` · ${next(now)}`, style: 'plain' }), ...about];
};

/** ` · next run in 23h 59m` */
const MAX_NEXT_RUN_CELLS = 23;

/** The job's configuration and hosts, its tags, and who created and changed it, with times. */
const aboutRows: DetailSection = (parts) => {
  const { row, columns } = parts;
  const { configName, hosts, tags, updatedAt, updatedBy, revision } = row;
  if (configName === null) return [];
  const where = hosts.length === 0 ? '' : ` (${hosts.join(', ')})`;
  const changed =
    updatedAt === null || revision <= 1
      ? []
      : labeledText(
          'Changed',
          `${formatTimeAndAuthor(parts, updatedAt, updatedBy)}, revision ${revision}`,
          columns,
        );
  return [
    ...labeledText('Config', `${configName}${where}`, columns, { max: 3 }),
    ...(tags.length === 0 ? [] : labeledText('Tags', tags.join(', '), columns, { style: 'accent', max: 3 })),
    ...createdRows(parts),
    ...changed,
  ];
};

function createdRows(parts: DetailParts): StyledRow[] {
  const { row, detail, columns } = parts;
  const created = detail.data?.job.job.created_at;
  if (created === undefined) return [];
  return labeledText('Made', formatTimeAndAuthor(parts, Date.parse(created), row.createdBy), columns);
}

function formatTimeAndAuthor({ now, timezone }: DetailParts, at: number, by: string | null): string {
  const who = describeAuthor(toAuthor(by));
  return `${formatClockTime(at, now, timezone)}${who === '' ? '' : ` by ${who}`}`;
}

/** Fields that other sections show. */
const FIELDS_SHOWN_ELSEWHERE: readonly DefinitionField[] = [
  'config_name',
  'schedule',
  'description',
  'enabled',
  'tags',
];

/** The fields of the definition that differ from their defaults. */
const settingRows: DetailSection = ({ row: { definition }, columns }) => {
  if (definition === null) return [];
  const defaults: Readonly<Record<string, unknown>> = DEFINITION_DEFAULTS;
  const set = DEFINITION_FIELDS.filter(
    (field) =>
      !FIELDS_SHOWN_ELSEWHERE.includes(field) &&
      JSON.stringify(definition[field]) !== JSON.stringify(defaults[field]),
  );
  return set.flatMap((field, at) => {
    const defaultText = defaults[field] === null ? '' : ` (default ${formatValue(defaults[field])})`;
    return labeledText(
      at === 0 ? 'Set' : '',
      `${field} ${formatValue(definition[field])}${defaultText}`,
      columns,
      {
        max: 3,
      },
    );
  });
};

function formatValue(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** Why a file cannot be used, in full: the location, the allowed values, and the fix. */
const unusableRows: DetailSection = ({ row, detail: { failure }, columns }) => {
  const { error, state } = row;
  if (error === null) return [];
  const short = shortenError(row);
  const folder = error.slice(0, error.length - short.length);
  return [
    ...wrappedRows(short, columns, 'bad'),
    BLANK,
    ...wrappedRows('E opens the file in your editor.', columns),
    ...wrappedRows(failure?.hint ?? describeStateMeaning(state), columns),
    ...(folder === '' ? [] : [BLANK, ...labeledText('Folder', folder, columns)]),
  ];
};

/** The maximum number of warnings shown. `job show` lists all. */
const MAX_WARNINGS = 4;

/** The warnings of the last run, one line each. */
const warningRows: DetailSection = ({ row, detail, columns }) => {
  const { run_id, warnings } = detail.data?.lastRun ?? { run_id: '', warnings: [] };
  if (run_id !== row.last?.runId || warnings.length === 0) return [];
  const shown = warnings.slice(0, MAX_WARNINGS);
  const more = warnings.length - shown.length;
  const line = (label: string, text: string, style: 'warning' | 'faint'): StyledRow[] =>
    labeledText(label, text, columns, { style, max: 1 });
  return [
    ...line('Warnings', `${warnings.length} in the last run`, 'faint'),
    ...shown.flatMap((text) => line('', text, 'warning')),
    ...(more === 0 ? [] : line('', `… and ${more} more: quickscrape job show ${row.id}`, 'faint')),
  ];
};

/**
 * Why the job runs, waits or does not run, from `get_job`. Until the answer arrives, a description of its state. Lines
 * about the active run and the last run are left to their own sections.
 */
const explanationRows: DetailSection = ({ row, detail: { data, failure }, now, timezone, columns }) => {
  if (row.error !== null) return [];
  if (data === null)
    return failure === null
      ? wrappedRows(describeStateMeaning(row.state), columns, 'faint')
      : wrappedRows(failure.message, columns, 'bad');
  const zone = row.definition?.schedule.timezone ?? timezone;
  const runIds = [findRunningRun(row)?.runId, row.last?.runId].filter((id) => id !== undefined);
  const [first = '', ...others] = data.job.explanation
    .filter((line) => !runIds.some((id) => line.includes(id)))
    .map((line) => localizeInstants(line, { now, zone, here: timezone }));
  return [
    ...wrappedRows(first, columns),
    ...others.flatMap((line) => wrappedRows(line, columns, 'faint')),
    ...data.preview.warnings
      .filter((line) => !data.job.explanation.includes(line))
      .flatMap((line) => wrappedRows(line, columns, 'warning')),
  ];
};

/** Sections that need the user's attention come first, because few rows may be in sight. */
const SECTIONS: readonly DetailSection[] = [
  headRows,
  unusableRows,
  progressRows,
  explanationRows,
  lastRunRows,
  warningRows,
  nextRunRows,
  pastRunRows,
  aboutRows,
  settingRows,
];

/**
 * All sections of a job's detail in rows of at most `columns` cells, with blank rows between them where there is room.
 */
export function detailRows(parts: DetailParts): readonly StyledRow[] {
  const sections = SECTIONS.map((section) => section(parts)).filter((rows) => rows.length > 0);
  return sections.flatMap((rows, at) => (at === 0 || parts.dense ? rows : [BLANK, ...rows]));
}
