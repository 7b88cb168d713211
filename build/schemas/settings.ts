import * as z from 'zod';
import { FORMAT_NAMES } from '../../src/core/model/output-format.ts';
import { SETTING_KEYS, SETTING_RULES, type SettingKey } from '../../src/core/settings/setting-rules.ts';
import type { Schema } from '../schema-words.ts';
import { enumerated, forEditors } from './for-editors.ts';

/** What an editor shows of a setting besides the rule that checks it. */
const EXPLAINED: { readonly [K in SettingKey]?: Schema } = {
  timezone: { examples: ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC'] },
  user_agent: { examples: ['Mozilla/5.0 (compatible; example-bot/1.0; +https://bot.example)'] },
  default_output_format: { enum: FORMAT_NAMES },
  browser_path: { examples: ['/usr/bin/chromium'] },
  executor: enumerated(SETTING_RULES.executor.description, {
    local: 'This machine.',
    bullmq: 'Workers on other machines, through Redis or Valkey.',
  }),
  executor_redis: { examples: ['rediss://redis.example:6380', 'unix:///run/valkey/valkey.sock'] },
  executor_fallback: enumerated(SETTING_RULES.executor_fallback.description, {
    wait: 'Nowhere: they wait.',
    local: 'On this machine.',
  }),
};

const MESSAGES = {
  '^[\\x20-\\x7e]+$': 'Use printable ASCII characters.',
  '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$': 'Use letters, digits, - and _, 64 at most.',
};

/**
 * Creates the JSON Schema of `settings.yaml`. A key that is no setting is refused, as `config set` does. A time zone and
 * an address of Redis are checked only when the file is read.
 */
export function createSettingsSchema(): Schema {
  return {
    title: 'QuickScrape settings',
    description: 'Settings of a home. A missing key has its default.',
    type: 'object',
    properties: Object.fromEntries(SETTING_KEYS.map((key) => [key, settingSchema(key)])),
    additionalProperties: false,
  };
}

function settingSchema(key: SettingKey): Schema {
  const { schema, description, fallback } = SETTING_RULES[key];
  const rule = z.toJSONSchema(schema(), { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  // The default time zone is that of the machine.
  const usual = key === 'timezone' ? {} : { default: fallback() };
  return { description, ...usual, ...forEditors(rule, MESSAGES), ...EXPLAINED[key] };
}
