import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import {
  DEFINITION_DEFAULTS,
  DEFINITION_FIELDS,
  type DefinitionField,
  type JobDefinition,
} from '../../../core/model/definition.ts';
import { formatNotify } from '../../../core/model/notify-events.ts';
import { formatParams } from '../../../core/model/params.ts';
import { zoneOffset } from '../../../core/schedule/engine/instant.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import { describeAuthor, toAuthor } from '../../home/home-data.ts';
import { describeStateMeaning, STATUS_DISPLAY } from '../../home/job-state-display.ts';
import {
  formatClockTime,
  formatCountdown,
  formatDateTime,
  formatOffset,
  localizeInstants,
} from '../../ui/format.ts';
import { memoize } from '../../ui/memoize.ts';
import {
  BLANK,
  labeledRow,
  labeledText,
  ROW_LABEL_CELLS,
  type StyledRow,
  type StyledSpan,
  styledRow,
  wrappedRows,
} from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import { isOfOccurrence, shortenError } from '../jobs/job-cells.ts';
import { flowSections } from './flow-sections.ts';
import type { DetailParts, DetailSection, JobDetail, JobDetailData } from './model.ts';
import { findRunningRun, lastRunRows, pastRunRows, progressRows, warningRows } from './run-sections.ts';

/** The state of a job, its next run and its description. */
const headRows: DetailSection = ({ row, idle, columns }) => {
  const { state, failures, nextRun, description } = row;
  const { icon, word, style } = STATUS_DISPLAY[state];
  const spans: StyledSpan[] = [{ text: `${icon} ${word}`, style }];
  if (failures > 1) spans.push({ text: `, ${pluralize(failures, 'failure')} in a row`, style: 'plain' });
  const about = description === '' ? [] : wrappedRows(description, columns, 'plain', 3);
  if (nextRun === null || row.active.length > 0) return [styledRow(columns, ...spans), ...about];
  const off = idle === undefined ? '' : ` · ${idle}`;
  const next = (now: number) => `next run ${formatCountdown(nextRun, now)}${off}`;
  const cells = spans.reduce((sum, { text }) => sum + displayWidth(String(text)), 0);
  // A truncated countdown would show a wrong time.
  if (cells + MAX_NEXT_RUN_CELLS + off.length > columns)
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
  if (created === undefined) return detail.data === null ? awaitedRows('Made', detail.failure, columns) : [];
  return labeledText('Made', formatTimeAndAuthor(parts, Date.parse(created), row.createdBy), columns);
}

/** The place of a row that comes with the answer, so that no other row moves then. */
function awaitedRows(label: string, failure: JobDetail['failure'], columns: number): StyledRow[] {
  return failure === null ? [labeledRow(label, columns, { text: '…', style: 'faint' })] : [];
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
      `${field} ${formatSetting(definition, field)}${defaultText}`,
      columns,
      {
        max: 3,
      },
    );
  });
};

function formatSetting(definition: JobDefinition, field: DefinitionField): string {
  if (field === 'notify') return formatNotify(definition.notify ?? []);
  return field === 'params' ? formatParams(definition.params ?? {}) : formatValue(definition[field]);
}

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

/**
 * Why the job runs, waits or does not run, from `get_job`. Until the answer arrives, nothing is claimed. Lines
 * about the active run and the last run are left to their own sections.
 */
const explanationRows: DetailSection = ({ row, detail: { data, failure }, now, timezone, columns }) => {
  if (row.error !== null) return [];
  if (data === null)
    return failure === null
      ? [styledRow(columns, { text: 'Reading why…', style: 'faint' })]
      : wrappedRows(failure.message, columns, 'bad');
  const zone = row.definition?.schedule.timezone ?? timezone;
  const runIds = [findRunningRun(row)?.runId, row.last?.runId].filter((id) => id !== undefined);
  const [first = '', ...others] = data.job.explanation
    .filter((line) => !runIds.some((id) => line.includes(id)))
    .filter((line) => data.preview.next_runs.length === 0 || !/^Due next at [^;]*\.$/.test(line))
    .map((line) => localizeInstants(line, { now, zone, here: timezone }));
  return [
    ...wrappedRows(first, columns),
    ...others.flatMap((line) => wrappedRows(line, columns, 'faint')),
    ...data.preview.warnings
      .filter((line) => !data.job.explanation.includes(line))
      .flatMap((line) => wrappedRows(line, columns, 'warning')),
  ];
};

/** The schedule with its time zone, the next runs in that zone, and their notes. */
const nextRunRows: DetailSection = ({ row, detail: { data, failure }, now, columns }) => {
  const { definition, enabled, pausedAt } = row;
  if (definition === null) return [];
  const words = labeledText('Schedule', describeJobSchedule(definition), columns);
  if (data === null) return [...words, ...awaitedRows('Next runs', failure, columns)];
  const { next_runs: runs, notes } = data.preview;
  const isIdle = !enabled || pausedAt !== null;
  const condition = `They would be, if it were not ${enabled ? 'paused' : 'disabled'}.`;
  return [
    ...words,
    ...gridRows(data.preview, { now, columns }),
    ...(isIdle && runs.length > 0 ? labeledText('', condition, columns, { style: 'faint' }) : []),
    ...notes
      .filter(({ text }) => !isExplained(data, text))
      .flatMap(({ text, kind }) =>
        labeledText('', text, columns, { style: kind === 'staggered' ? 'faint' : 'warning', max: 3 }),
      ),
  ];
};

/** Whether the explanation already states for the next run what a note states for each run. */
function isExplained({ job }: JobDetailData, note: string): boolean {
  const words = note.replace(/^each run /, '');
  return words !== note && job.explanation.some((line) => line.includes(words));
}

const GAP = 2;
const MAX_BLOCKS_ACROSS = 4;

/** The next runs in columns, as many as fit. */
function gridRows(
  preview: JobDetailData['preview'],
  { now, columns }: { now: number; columns: number },
): StyledRow[] {
  const { next_runs: runs, timezone } = preview;
  const instants = runs.map((run) => Date.parse(run));
  const [first] = instants;
  if (first === undefined)
    return [labeledRow('Next runs', columns, { text: 'none any more', style: 'warning' })];
  const special = new Set(preview.notes.filter(isOfOccurrence).map(({ at }) => Date.parse(at)));
  const isOther = (at: number) => zoneOffset(at, timezone) !== zoneOffset(first, timezone);
  const hasChange = instants.some(isOther);
  const texts = instants.map((at) => {
    const sign = special.has(at) ? ' !' : '';
    const offset = isOther(at) || (hasChange && at === first) ? ` ${formatOffset(at, timezone)}` : '';
    return `${formatDateTime(at, now, timezone)}${offset}${sign}`;
  });
  return arrangeInColumns(texts, columns - ROW_LABEL_CELLS).map((text, line) =>
    labeledRow(line === 0 ? 'Next runs' : '', columns, { text, style: 'plain' }),
  );
}

/** Arranges texts in columns, as many as fit. They are read row by row. */
function arrangeInColumns(texts: readonly string[], room: number): readonly string[] {
  for (let across = MAX_BLOCKS_ACROSS; across > 1; across -= 1) {
    const down = Math.ceil(texts.length / across);
    const blocks = Array.from({ length: across }, (_, at) =>
      texts.filter((_text, index) => index % across === at),
    );
    const widths = blocks.map((block) => Math.max(0, ...block.map(displayWidth)));
    if (widths.reduce((sum, width) => sum + width + GAP, -GAP) > room) continue;
    return Array.from({ length: down }, (_, line) =>
      blocks
        .map((block, at) => fitTo(block[line] ?? '', (widths[at] ?? 0) + GAP))
        .join('')
        .trimEnd(),
    );
  }
  return texts;
}

/** A schedule as readable text. */
export const describeJobSchedule = memoize((definition: JobDefinition) =>
  JobSchedule.fromDict(definition.schedule).describe(),
);

const MESSAGE_GAP = '  ';

/** The newest messages about the job, and why one is not sent. */
const messageRows: DetailSection = ({ detail: { data }, now, timezone, columns }) => {
  const messages = (data?.messages ?? []).map(({ channel, event, status, created_at, error }) => ({
    cells: [channel, event, formatClockTime(Date.parse(created_at), now, timezone).trim()].map(sanitizeText),
    status,
    error: error === null ? null : sanitizeText(error),
  }));
  const widths = [0, 1, 2].map((at) =>
    Math.max(0, ...messages.map(({ cells }) => displayWidth(cells[at] ?? ''))),
  );
  return messages.flatMap(({ cells, status, error }, at) => {
    const style = status === 'failed' || error !== null ? 'bad' : 'faint';
    const known = cells.map((cell, index) => fitTo(cell, widths[index] ?? 0) + MESSAGE_GAP).join('');
    const room = columns - ROW_LABEL_CELLS - displayWidth(known);
    const whole = error === null ? status : `${status}: ${error}`;
    const isBeside = error === null || displayWidth(whole) <= room;
    const said = isBeside ? whole : `${status}:`;
    return [
      labeledRow(at === 0 ? 'Messages' : '', columns, { text: known, style: 'plain' }, { text: said, style }),
      ...(isBeside ? [] : labeledText('', error, columns, { style, max: 2 })),
    ];
  });
};

/** How the job is. Sections that need the user's attention come first, because few rows may be in sight. */
const STATE_SECTIONS: readonly DetailSection[] = [
  headRows,
  unusableRows,
  progressRows,
  explanationRows,
  lastRunRows,
  warningRows,
];

/** What the job does and did; in a wide pane, beside the others. */
const JOB_SECTIONS: readonly DetailSection[] = [
  nextRunRows,
  pastRunRows,
  messageRows,
  aboutRows,
  settingRows,
];

/**
 * All sections of a job's detail in rows of at most `columns` cells, with blank rows between them where there is room. In
 * a wide pane they flow into two columns.
 */
export function detailRows(parts: DetailParts): readonly StyledRow[] {
  const sectionsAt = (columns: number) =>
    [...STATE_SECTIONS, ...JOB_SECTIONS].map((section) => section({ ...parts, columns }));
  return flowSections(sectionsAt, { ...parts, split: STATE_SECTIONS.length });
}
