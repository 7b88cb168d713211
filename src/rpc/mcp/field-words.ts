import { FILTER_FIELDS } from '../../core/jobs/filter/filter-terms.ts';
import { JOB_STATES } from '../../core/jobs/job-display-state.ts';
import type { JsonSchema } from './tool-schemas.ts';

/**
 * The descriptions of fields for models, where they differ from those of the operations. A list of tools is sent with
 * each conversation, so a field is described only if its name does not say what it is. The pages of operations describe
 * every field.
 */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  schedule:
    'daily: time (HH:MM). weekly: day_of_week (0 = Monday), time. monthly: day_of_month, time. hourly: minute. ' +
    'once: date, time. custom: cron_expression (0 = Sunday). timezone: Europe/Berlin',
  expect:
    'What a run must deliver. likely_broken: fail when items halve and a selector stopped matching. ' +
    'max_drop_percent: below the usual number',
  changes: 'Only the fields to change; null clears one. schedule and expect are replaced whole',
  job_id: '',
  run_id: '',
  config_name: '',
  if_revision: '',
  dry_run: '',
  cursor: '',
  limit: '',
  status: '',
  tag: '',
  tags: '',
  enabled: '',
  description: '',
  max_retries: '',
  retry_delay: '',
  retry_backoff: '',
  timeout: '',
  keep_runs: '',
  pause_after_failures: '',
  output_format: '',
  output_path: 'Within output/; {date}, {time}, {job_id}, {run_id} are filled in',
  misfire_grace_time: 'How late a missed run may start',
  catch_up: 'Missed times that still run',
  overlap: '',
  jitter: 'Random delay, at most',
  stagger: 'Fixed delay per job, at most',
  worker: 'Tags of a remote worker',
  on_failure_mode: '',
  log_lines: '',
  sample_items: '',
  count: '',
  hours: '',
  wait_seconds: '',
  max_pages: '',
  query: 'In id, configuration, description or tags',
  since: 'RFC 3339',
  from: 'RFC 3339; default now',
  fields: '',
  where: '',
  find: '',
  level: '',
  kind: '',

  sort: 'Such as -price,title',
  stats: '',
  yaml: '{url: https://a.example, item: li, selectors: {title: h3, link: {selector: a, attribute: href}}}',
  with_run_id: 'Default: the last good run before it',
  key: 'The field that tells items apart',
  whole: '',
  notify: 'channel: see list_channels',
  params: 'As params of the configuration say',
  on: '',
  channel: '',
};

/** All fields and states of a filter; the resource `quickscrape://help/filter` says what each field means. */
const FILTER_WORDS =
  `state:bad host:a.example !tag:x. Fields: ${FILTER_FIELDS.map(({ name }) => name).join(' ')}. ` +
  `States: ${JOB_STATES.join(' ')}`;

/** What no name of a field says; create_job says the rest. */
const DAYS = 'time: HH:MM. day_of_week: 0 = Monday. cron_expression: 0 = Sunday';

/** Words for one tool only. */
const TOOL_WORDS: Readonly<Record<string, string>> = {
  'find_selectors.url': '',
  'propose_config.url': '',
  'propose_config.backend': '',
  'propose_config.ask': 'Person picks',
  'create_job.job_id': 'Made from config_name if left out',
  'compare_runs.key': 'Field that tells items apart',
  'compare_runs.sort': 'Largest change in percent first',
  'compare_runs.with_run_id': 'Default: the last good one before',
  'compare_runs.whole': 'Compare without a key',
  'compare_runs.all': 'Even what the configuration ignores',
  'get_item_history.key': '',
  'get_item_history.since': '',
  'get_item_history.sort': '',
  'export.output_path': 'New .json file within output/',
  'list_jobs.host': '',
  'list_jobs.filter': FILTER_WORDS,
  'update_jobs.filter': 'As in list_jobs',
  'get_log.from': '',
  'preview_schedule.job_id': '',
  'update_job.expect': '',
  'update_job.schedule': DAYS,
  'preview_schedule.schedule': DAYS,
  'update_job.notify': '',
  'update_jobs.changes': '',
  'save_config.yaml': '',
  'save_config.changes': 'Instead of yaml, such as selectors.price: .new',
  'test_config.changes': 'Instead of yaml, such as selectors.price: .new',
  'test_config.config_name': 'With yaml: what it would replace',
};

/** Objects whose own words say what their fields are. */
const SPEAKS_FOR_FIELDS = ['schedule', 'expect', 'changes', 'where', 'notify', 'params'];

/** Fields whose default no model has to know. */
const DEFAULT_UNIMPORTANT = [
  'overlap',
  'retry_backoff',
  'limit',
  'enabled',
  'log_lines',
  'sample_items',
  'count',
  'on_failure_mode',
  'on',
];

/** Rewords the fields of a tool's input. */
export function rewordFields(tool: string, input: JsonSchema): JsonSchema {
  // Hosts that need a closed object close this one themselves, unlike those within it (OpenAI Agents SDK).
  const { additionalProperties: _, ...open } = input;
  return mapProperties(open, (name, field) => reword(tool, name, field));
}

function reword(tool: string, name: string, field: JsonSchema): JsonSchema {
  const { description, default: value, ...rest } = field;
  const words = TOOL_WORDS[`${tool}.${name}`] ?? FIELD_WORDS[name] ?? description;
  const inner = SPEAKS_FOR_FIELDS.includes(name) ? rewordInside(tool, rest) : rest;
  return {
    ...(value !== undefined && !DEFAULT_UNIMPORTANT.includes(name) && { default: value }),
    ...inner,
    ...(typeof words === 'string' && words !== '' && { description: words }),
  };
}

/** Of such a field only its type, unless it is such an object too. */
function rewordInner(tool: string, name: string, field: JsonSchema): JsonSchema {
  if (SPEAKS_FOR_FIELDS.includes(name)) return reword(tool, name, field);
  const { description: _, maximum: __, minimum: ___, default: value, ...rest } = field;
  // What a change leaves out stays as it is.
  const hasDefault = value !== undefined && !tool.startsWith('update_');
  return rewordInside(tool, hasDefault ? { default: value, ...rest } : rest);
}

function rewordInside(tool: string, field: JsonSchema): JsonSchema {
  const change = (name: string, inner: JsonSchema) => rewordInner(tool, name, inner);
  const { items } = field as { items?: JsonSchema };
  return {
    ...mapProperties(field, change),
    ...(items !== undefined && { items: mapProperties(items, change) }),
  };
}

function mapProperties(
  schema: JsonSchema,
  change: (name: string, field: JsonSchema) => JsonSchema,
): JsonSchema {
  const { properties } = schema as { properties?: Record<string, JsonSchema> };
  if (properties === undefined) return schema;
  const changed = Object.entries(properties).map(([name, field]) => [name, change(name, field)] as const);
  return { ...schema, properties: Object.fromEntries(changed) };
}
