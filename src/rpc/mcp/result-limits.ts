import { isDeepStrictEqual } from 'node:util';
import { truncateValues } from '../../core/lib/truncate-values.ts';
import { DEFINITION_DEFAULTS } from '../../core/model/definition.ts';
import { leanExplanation, leanRuns } from './lean-answers.ts';
import type { TruncatableList } from './truncate-lists.ts';
import { dropNulls } from './truncate-result.ts';

/**
 * The limit for an answer without a size parameter, in bytes of JSON: a size that common hosts pass on to their models.
 */
export const DEFAULT_RESULT_BYTES = 3_000;

/** The limit for every answer, whatever the call asks for. */
export const MAX_RESULT_BYTES = 19_000;

type Fields = Record<string, unknown>;

/** How to limit the size of an operation's answer. */
export interface ResultLimits {
  /** The limit without a size parameter, for an answer that an operation has already cut; default {@link DEFAULT_RESULT_BYTES}. */
  defaultBytes?: number;
  /** The list that continues at `next_cursor`. */
  pagedList?: string;
  /** The size of the smallest item of that list, as it is shown: more items are not even read. */
  minItemBytes?: number;
  /** Size parameters: a call with one of them gets more than the default size. */
  sizeParams?: readonly string[];
  /** The lists that may be truncated, in this order. */
  lists?: readonly TruncatableList[];
  /** Items of a list that must stay before all others. */
  first?: { list: string; is(item: Record<string, unknown>): boolean };
  /** Texts that the call asked for; they are never cut. */
  keep?: readonly string[];
  /** Selects the part of the answer that is shown, whatever its length. */
  shows?(answer: Fields, params: Fields): Fields;
  /** Drops obvious fields when the answer is too long. */
  lean?: (answer: Fields) => Fields;
  /** How a model gets the full texts and the full lists within fields. */
  rest?: string;
}

const JOB = 'the resource quickscrape://jobs/{job_id} has all of it';
const RUN = 'the resource quickscrape://runs/{run_id} has more of it';
const ITEMS = 'list_items has all';

/** Of a run in a list: its outcome. */
const OUTCOME_FIELDS = [
  'run_id',
  'trigger',
  'scheduled_for',
  'status',
  'reason',
  'waits_for',
  'started_at',
  'duration_ms',
  'items',
  'pages',
  'error',
];

export const RESULT_LIMITS: Readonly<Record<string, ResultLimits>> = {
  list_jobs: {
    pagedList: 'jobs',
    minItemBytes: 120,
    sizeParams: ['limit'],
    rest: 'get_job says more of one',
    shows: withoutNulls,
  },
  list_runs: {
    pagedList: 'runs',
    minItemBytes: 150,
    sizeParams: ['limit'],
    rest: 'get_run says more of one',
    shows: leanRuns,
  },
  create_job: { rest: JOB, shows: shortenJob },
  update_job: { rest: JOB, shows: shortenJob },
  update_jobs: {
    sizeParams: ['job_ids', 'filter'],
    rest: 'get_job says more of one',
    lists: [
      { list: 'unchanged', from: 'end', minItems: 3, rest: 'all the others' },
      { list: 'changed', from: 'end', minItems: 10, rest: 'list_jobs shows them' },
      { list: 'failed', from: 'end', minItems: 3, rest: 'the first ones are shown' },
    ],
  },
  restore_job: { rest: JOB, shows: shortenJob },
  run_job: { rest: RUN, shows: withoutNulls },
  retry_run: { rest: RUN, shows: withoutNulls },
  cancel_run: { rest: RUN, shows: withoutNulls },
  get_job: {
    rest: JOB,
    shows: withoutNulls,
    lean: shortenJob,
    lists: [
      {
        list: 'recent_runs',
        from: 'end',
        minItems: 2,
        briefFields: OUTCOME_FIELDS,
        rest: 'list_runs with this job_id; get_run says more of one',
      },
      { list: 'explanation', from: 'end', minItems: 2, rest: 'list_runs with this job_id' },
    ],
  },
  get_run: {
    sizeParams: ['log_lines', 'sample_items'],
    rest: 'ask for more with log_lines or sample_items',
    lists: [
      {
        list: 'log_tail',
        from: 'start',
        minItems: 5,
        isImportant: isErrorLine,
        rest: 'log_lines, or the resource quickscrape://runs/{run_id}/log',
      },
      { list: 'sample', from: 'end', minItems: 2, rest: ITEMS },
      { list: 'attempts', from: 'start', minItems: 1, rest: 'the last ones are shown' },
      { list: 'warnings', from: 'end', minItems: 2, rest: 'the log has them all' },
      {
        list: 'selectors',
        from: 'end',
        minItems: 3,
        isImportant: (selector) => (selector as Fields)['stopped'] === true,
        rest: 'those that stopped come first',
      },
      { list: 'kept_pages', from: 'end', minItems: 1, rest: 'the first ones are shown' },
    ],
    first: { list: 'selectors', is: ({ stopped }) => stopped === true },
  },
  explain_run: {
    rest: 'get_run and get_page have the rest',
    keep: ['changes', 'next'],
    shows: leanExplanation,
    lists: [
      { list: 'selectors', from: 'end', minItems: 3, rest: 'get_run has the figures of all' },
      { list: 'explanation', from: 'end', minItems: 3, rest: 'the first ones are shown' },
    ],
  },
  test_config: {
    sizeParams: ['sample_items'],
    lists: [
      { list: 'sample', from: 'end', minItems: 2, rest: 'ask for fewer with sample_items' },
      { list: 'warnings', from: 'end', minItems: 2, rest: 'the first ones are shown' },
      {
        list: 'matches',
        from: 'end',
        minItems: 3,
        isImportant: (row) => (row as Fields)['matched'] === 0,
        rest: 'those without a match come first',
      },
    ],
    first: { list: 'matches', is: ({ matched }) => matched === 0 },
  },
  list_items: {
    pagedList: 'items',
    sizeParams: ['limit', 'stats'],
    rest: 'fields and limit 1 show more of a long text',
    shows: cutLoneItem,
    lists: [
      { list: 'stats', from: 'end', minItems: 3, rest: 'name the fields' },
      { list: 'fields', from: 'end', minItems: 10, rest: 'the first ones are shown' },
    ],
  },
  get_page: { defaultBytes: 7_000, rest: 'near shows one place; as: text or html everything, page by page' },
  get_log: { pagedList: 'lines', sizeParams: ['limit'], rest: 'find, or limit 1, shows more of a long line' },
  propose_config: {
    sizeParams: ['grammar'],
    keep: ['yaml', 'grammar'],
    lists: [{ list: 'choices', from: 'end', minItems: 2, rest: 'choice takes another one' }],
  },
  find_selectors: {
    sizeParams: ['examples'],
    keep: ['yaml'],
    lists: [{ list: 'fields', from: 'end', minItems: 1, rest: 'ask with fewer examples' }],
  },
  compare_runs: {
    pagedList: 'examples',
    sizeParams: ['limit'],
    rest: 'list_items with where shows an item in full',
    shows: showDifferences,
  },
  get_item_history: {
    pagedList: 'values',
    sizeParams: ['limit'],
    rest: 'fields with one name, or limit 1, shows more of a long value',
    lists: [
      { list: 'figures', from: 'end', minItems: 2, rest: 'name the fields' },
      { list: 'fields', from: 'end', minItems: 5, rest: 'the first ones are shown' },
    ],
  },
  preview_schedule: {
    sizeParams: ['count'],
    lists: [
      { list: 'notes', from: 'end', minItems: 2, rest: 'ask for a smaller count' },
      { list: 'next_runs', from: 'end', minItems: 3, rest: 'ask again with from' },
    ],
  },
  forecast_runs: {
    sizeParams: ['hours', 'limit'],
    lists: [
      { list: 'occurrences', from: 'end', minItems: 3, rest: 'ask for fewer hours' },
      { list: 'collisions', from: 'end', minItems: 1, rest: 'ask for fewer hours' },
      { list: 'by_hour', from: 'end', minItems: 3, rest: 'ask for fewer hours' },
    ],
  },
  list_configs: {
    rest: 'list_jobs with config_name shows all jobs of one',
    lists: [{ list: 'configs', from: 'end', minItems: 3, rest: 'get_config names the closest to a guess' }],
  },
  list_trash: { pagedList: 'deleted', sizeParams: ['limit'] },
  list_messages: { pagedList: 'messages', sizeParams: ['limit'] },
  list_channels: {
    rest: 'the person runs: quickscrape channels list',
    lists: [{ list: 'channels', from: 'end', minItems: 5, rest: 'list_messages with channel shows one' }],
  },
  examine_home: {
    rest: 'the person runs: quickscrape doctor',
    lists: [{ list: 'findings', from: 'end', minItems: 5, rest: 'the worst are shown' }],
  },
  get_metrics: {
    rest: 'list_jobs and get_scheduler say it in words',
    lists: [
      { list: 'metrics', from: 'end', minItems: 5, rest: 'the command quickscrape metrics prints all' },
    ],
  },
  get_report: {
    sizeParams: ['job_ids'],
    rest: 'explain_run and compare_runs say more of one run',
    lists: [
      { list: 'by_step', from: 'end', minItems: 1, rest: 'the command quickscrape report shows all' },
      { list: 'jobs', from: 'end', minItems: 2, rest: 'give job_ids; the worst are shown' },
      { list: 'failures', from: 'end', minItems: 1, rest: 'explain_run with the run of a job' },
      { list: 'changes', from: 'end', minItems: 1, rest: 'compare_runs with a run' },
      { list: 'unstarted', from: 'end', minItems: 1, rest: 'list_runs with status missed or skipped' },
      { list: 'upcoming', from: 'end', minItems: 1, rest: 'forecast_runs has all' },
    ],
  },
  get_settings: {
    sizeParams: ['names'],
    lean: leanSettings,
    rest: 'ask for some by names',
    lists: [{ list: 'settings', from: 'end', minItems: 5, rest: 'ask for some by names' }],
  },
  export: { sizeParams: ['job_ids', 'config_names'], keep: ['bundle'], rest: 'give output_path' },
  get_config: { sizeParams: ['config_name'], keep: ['yaml'] },
  get_scheduler: { shows: withoutNulls },
  start_scheduler: { shows: withoutNulls },
  stop_scheduler: { shows: withoutNulls },
};

/** Jobs, runs and the scheduler have many fields that are null. Rows keep theirs: null says that nothing was found. */
function withoutNulls(answer: Fields): Fields {
  return dropNulls(answer) as Fields;
}

/** The longest text of an item that an answer has for itself. */
const LONE_ITEM_LIMITS = { text: 15_000, entries: 500, fields: 200, depth: 20 };

/** An item that was asked for alone is shown as far as possible. */
function cutLoneItem(answer: Fields): Fields {
  const { items } = answer;
  if (!Array.isArray(items) || items.length !== 1) return answer;
  return { ...answer, items: [truncateValues(items[0], LONE_ITEM_LIMITS)] };
}

/** A setting at its default says it once. */
function leanSettings(answer: Fields): Fields {
  const settings = answer['settings'] as Fields[];
  return {
    ...answer,
    settings: settings.map(({ default: usual, ...one }) =>
      one['source'] === 'default' ? one : { ...one, default: usual },
    ),
  };
}

/** The most fields with figures in an answer. */
const MAX_FIGURES = 10;

/**
 * Of a changed item only the fields that differ, also those that the call asked for, as they are now; and figures of the
 * fields that changed most.
 */
function showDifferences(answer: Fields, { fields: asked }: Fields): Fields {
  const shownNow = Array.isArray(asked) ? asked : [];
  const examples = (answer['examples'] as Fields[]).map(({ fields, ...example }) => {
    if (!Array.isArray(fields)) return example;
    const [before, after] = [example['before'], example['after']] as Fields[];
    return {
      ...example,
      before: pickFields(before, fields),
      after: pickFields(after, [...fields, ...shownNow]),
    };
  });
  const figures = Object.entries(answer['by_field'] as Fields);
  const shown = Object.fromEntries(figures.slice(0, MAX_FIGURES));
  const left = figures.length - MAX_FIGURES;
  const by_field = left > 0 ? { ...shown, '…': `${left} more fields; name them in fields` } : shown;
  return { ...answer, by_field, examples };
}

function pickFields(item: Fields = {}, fields: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name)));
}

/** Whether a log line reports an error. */
function isErrorLine(line: unknown): boolean {
  return /^\S+ (ERROR|WARN)/.test(String(line));
}

/** Shortens the job in an answer: only fields that differ from the defaults, and fields that were changed. */
function shortenJob(answer: Record<string, unknown>): Record<string, unknown> {
  const { job, changed, shortened } = answer;
  if (typeof job !== 'object' || job === null) return answer;
  const shownFields = Array.isArray(changed) ? [...ALWAYS_SHOWN_FIELDS, ...changed] : ALWAYS_SHOWN_FIELDS;
  const kept = Object.entries(job).filter(
    ([name, value]) =>
      shownFields.includes(name) || !(isDefault(name, value) || BOOKKEEPING_FIELDS.includes(name)),
  );
  return {
    ...answer,
    job: Object.fromEntries(kept),
    shortened: { ...(shortened as Record<string, unknown> | undefined), job: SHORTENED_NOTE },
  };
}

/** The authors and times of a job's changes, and the version of its file: few clients need them. */
const BOOKKEEPING_FIELDS = ['schema_version', 'created_at', 'updated_at', 'created_by', 'updated_by'];

/** Shown even at their defaults. */
const ALWAYS_SHOWN_FIELDS = ['enabled'];

const SHORTENED_NOTE =
  'without fields at their defaults and bookkeeping; the resource quickscrape://jobs/{job_id} has all of it';

function isDefault(name: string, value: unknown): boolean {
  if (value === null) return true;
  return (
    Object.hasOwn(DEFINITION_DEFAULTS, name) &&
    isDeepStrictEqual(value, DEFINITION_DEFAULTS[name as keyof typeof DEFINITION_DEFAULTS])
  );
}
