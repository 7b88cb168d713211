import * as z from 'zod';
import { SETTING_KEYS, SETTING_RULES, type SettingKey } from '../../src/core/settings/setting-rules.ts';
import { code, type Schema } from '../schema-words.ts';
import { tableRow } from './field-table.ts';

/** What stands above it is written by hand. */
const MARK = '<!-- From here on written by npm run docs -->\n\n';

const UNITS: { readonly [K in SettingKey]: string } = {
  max_concurrent_runs: 'runs',
  max_runs_per_host: 'runs',
  min_free_space: 'MiB',
  timezone: '',
  user_agent: '',
  default_output_format: '',
  request_timeout: 'seconds',
  respect_robots: '',
  browser_path: '',
  run_grace: 'seconds',
  trash_days: 'days',
  keep_runs: 'runs',
  executor: '',
  executor_redis: '',
  executor_fallback: '',
  executor_local_slots: 'runs',
  executor_ahead: 'runs',
  worker_lost_after: 'seconds',
  executor_max_result: 'MiB',
  notify: '',
  heartbeat: '',
};

/** What is allowed where the schema says only that it is a string. */
const STRINGS: { readonly [K in SettingKey]?: string } = {
  timezone: 'an IANA time zone',
  user_agent: 'printable ASCII, or `null`',
  browser_path: 'the path of a program, or `null`',
  heartbeat: 'the name of a channel, or `null`',
  executor_redis: '`redis://`, `rediss://` or `unix:///`, or `null`',
};

/** docs/reference/settings.md, given as it is now: its table as the settings have it. */
export function settingsPage(present: string): string {
  const [prose = ''] = present.split(MARK);
  const rows = SETTING_KEYS.map((key) =>
    tableRow([code(key), defaultOf(key), UNITS[key], allowedOf(key), SETTING_RULES[key].description]),
  );
  const head = tableRow(['setting', 'default', 'unit', 'allowed', 'meaning']);
  return `${prose.trimEnd()}\n\n${MARK}## Every setting\n\n${[head, '|---|---|---|---|---|', ...rows].join('\n')}\n`;
}

/** The page is the same on every machine, whatever its zone. */
function defaultOf(key: SettingKey): string {
  return key === 'timezone' ? 'the system’s' : code(SETTING_RULES[key].fallback());
}

function allowedOf(key: SettingKey): string {
  const schema = z.toJSONSchema(SETTING_RULES[key].schema(), {
    io: 'output',
    unrepresentable: 'any',
  }) as Schema;
  const [core = schema] = ((schema['anyOf'] ?? [schema]) as Schema[]).filter(({ type }) => type !== 'null');
  if (Array.isArray(core['enum'])) return core['enum'].map(code).join(', ');
  if (core['type'] === 'boolean') return '`true`, `false`';
  return STRINGS[key] ?? `${shown(core['minimum'])} to ${shown(core['maximum'])}`;
}

function shown(value: unknown): string {
  return Number(value).toLocaleString('en');
}
