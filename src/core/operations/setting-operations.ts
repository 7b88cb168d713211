import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { SETTING_RULES, type SettingKey } from '../settings/setting-rules.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';

const valueOutput = () =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(z.object({ channel: z.string(), on: z.array(z.string()) })),
  ]);

export const getSettings = defineOperation({
  name: 'get_settings',
  title: 'Show the settings',
  description: 'The settings of the home: value, default, source and meaning.',
  input: () => z.strictObject({ names: z.array(z.string()).optional().describe('Left out: all') }),
  output: () =>
    z.object({
      settings: z.array(
        z.object({
          name: z.string(),
          value: valueOutput(),
          default: valueOutput(),
          source: z.enum(['file', 'default']),
          description: z.string(),
        }),
      ),
      file: z.string(),
    }),
  annotations: READ_ONLY,
  errors: [],
  handler({ settings, paths }, { names }) {
    for (const name of names ?? []) settings.parse(name, undefined);
    const wanted = settings.all().filter(({ key }) => names === undefined || names.includes(key));
    return {
      settings: wanted.map(({ key, value, default: usual, set, description }) => ({
        name: key,
        value,
        default: usual,
        source: set ? ('file' as const) : ('default' as const),
        description,
      })),
      file: paths.settings,
    };
  },
});

/** Texts say numbers and booleans as well, because each field of a tool has one type. */
const valueInput = () =>
  z.preprocess(
    (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
    z.string().optional().describe('As text: 4, true, UTC; left out: the default'),
  );

export const setSetting = defineOperation({
  name: 'set_setting',
  title: 'Change a setting',
  description: 'Changes one setting of the home for all its jobs. get_settings lists them.',
  input: () => z.strictObject({ name: z.string(), value: valueInput() }),
  output: () =>
    z.object({
      name: z.string(),
      value: valueOutput(),
      before: valueOutput(),
      default: valueOutput(),
      changed: z.boolean(),
    }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: [],
  async handler({ settings }, { name, value }, { reviewSetting }) {
    const wanted = settings.parse(name, value);
    const key = name as SettingKey;
    const before = settings.get(key);
    reviewSetting?.(key, wanted, before);
    await (value === undefined ? settings.reset(key) : settings.set(key, wanted));
    const now = settings.get(key);
    return {
      name,
      value: now,
      before,
      default: SETTING_RULES[key].fallback(),
      changed: !isDeepStrictEqual(now, before),
    };
  },
});
