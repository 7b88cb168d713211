import type { Command } from 'commander';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import type { SettingKey } from '../../core/settings/setting-rules.ts';
import { type CommandContext, canPrompt, confirm } from '../context/context.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { renderTable } from '../render/table.ts';

export function configGet(): Command {
  const command = leafCommand('get <key>', {
    overSsh: true,
    description: 'Print a setting.',
    json: '{ key, value }',
    examples: [['config get max_concurrent_runs', 'its value, or the default']],
  });
  return onCommand<[string], object>(command, async (context, [key]) => {
    const value = await readSetting(context, key);
    await context.print({ key, value }, () =>
      sanitizeText(value === null ? '' : describeSettingValue(value)),
    );
  });
}

export function configList(): Command {
  const command = leafCommand('list', {
    overSsh: true,
    description: 'List the settings: their values, defaults and what each does.',
    json: '{ settings }: each with key, value, default, description, set',
    examples: [['config list', 'what can be set']],
  });
  return onCommand<[], object>(command, async (context) => {
    const settings = context.isRemote
      ? (await context.call('get_settings', {})).settings.map(toSettingRow)
      : (await context.workspace()).settings.all();
    await context.print({ settings }, () => {
      return renderTable(
        [
          { title: 'SETTING', value: (setting) => setting.key },
          { title: 'VALUE', value: (setting) => formatSettingValue(setting.value), flexible: true },
          {
            title: 'DEFAULT',
            value: (setting) => formatSettingValue(setting.default),
            paint: context.out.colors.dim,
            drop: 1,
          },
          { title: 'WHAT', value: (setting) => setting.description, flexible: true, drop: 2 },
        ],
        settings,
        context.out,
      );
    });
  });
}

/** As the store of a home here gives it. */
function toSettingRow({ name, source, ...setting }: OperationOutput<'get_settings'>['settings'][number]) {
  return { key: name, ...setting, set: source === 'file' };
}

async function readSetting(context: CommandContext, key: string) {
  if (!context.isRemote) return (await context.workspace()).settings.get(key as SettingKey);
  const { settings } = await context.call('get_settings', { names: [key] });
  return settings[0]?.value ?? null;
}

function formatSettingValue(value: unknown): string {
  return value === null ? '-' : describeSettingValue(value);
}

/** The value as `config set` takes it. */
function describeSettingValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

export function configReset(): Command {
  const command = leafCommand('reset [key]', {
    overSsh: true,
    description: 'Give a setting its default again; without a key all of them (asks first on a terminal).',
    json: '{ reset }: the key, or null for all',
    examples: [['config reset max_concurrent_runs', 'back to 4']],
  }).option('--force', 'do not ask');
  return onCommand<[string | undefined], { force?: boolean }>(command, async (context, [key], { force }) => {
    const mustAsk = key === undefined && !force && canPrompt(context);
    if (mustAsk && !(await confirm(context, 'Give all settings their defaults?'))) {
      context.printMessage('Nothing was reset.');
      return context.interrupt.code ?? EXIT.failed;
    }
    const value = await resetSetting(context, key);
    await context.print({ reset: key ?? null }, () =>
      key === undefined
        ? 'All settings have their defaults.'
        : sanitizeText(`${key} = ${describeSettingValue(value)}`),
    );
    return EXIT.done;
  });
}

/** Resets a setting, or all. @returns the default of the one */
async function resetSetting(context: CommandContext, key: string | undefined): Promise<unknown> {
  if (!context.isRemote) {
    const { settings } = await context.workspace();
    await settings.reset(key);
    return key === undefined ? undefined : settings.get(key as SettingKey);
  }
  if (key !== undefined) return (await context.call('set_setting', { name: key })).value;
  const { settings } = await context.call('get_settings', {});
  for (const { name, source } of settings) if (source === 'file') await context.call('set_setting', { name });
  return undefined;
}

export function configSet(): Command {
  const command = leafCommand('set <key> <value>', {
    overSsh: true,
    description: 'Change a setting; config list shows all of them. Comments in settings.yaml stay.',
    json: '{ key, value }',
    examples: [
      ['config set max_concurrent_runs 8', 'how many runs may go on at once'],
      ['config set timezone Europe/Berlin', 'for schedules that name none'],
    ],
  });
  return onCommand<[string, string], object>(command, async (context, [key, text]) => {
    const value = await changeSetting(context, key, text);
    await context.print({ key, value }, () => sanitizeText(`${key} = ${describeSettingValue(value)}`));
  });
}

async function changeSetting(context: CommandContext, key: string, text: string) {
  if (context.isRemote) return (await context.call('set_setting', { name: key, value: text })).value;
  const { settings } = await context.workspace();
  await settings.set(key, text);
  return settings.get(key as SettingKey);
}
