import type { Command } from 'commander';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { SettingKey } from '../../core/settings/setting-rules.ts';
import { canPrompt, confirm } from '../context/context.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { renderTable } from '../render/table.ts';

export function configGet(): Command {
  const command = leafCommand('get <key>', {
    description: 'Print a setting.',
    json: '{ key, value }',
    examples: [['config get max_concurrent_runs', 'its value, or the default']],
  });
  return onCommand<[string], object>(command, async (context, [key]) => {
    const value = (await context.workspace()).settings.get(key as SettingKey);
    await context.print({ key, value }, () =>
      sanitizeText(value === null ? '' : describeSettingValue(value)),
    );
  });
}

export function configList(): Command {
  const command = leafCommand('list', {
    description: 'List the settings: their values, defaults and what each does.',
    json: '{ settings }: each with key, value, default, description, set',
    examples: [['config list', 'what can be set']],
  });
  return onCommand<[], object>(command, async (context) => {
    const settings = (await context.workspace()).settings.all();
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

function formatSettingValue(value: unknown): string {
  return value === null ? '-' : describeSettingValue(value);
}

/** The value as `config set` takes it. */
function describeSettingValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

export function configReset(): Command {
  const command = leafCommand('reset [key]', {
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
    const { settings } = await context.workspace();
    await settings.reset(key);
    await context.print({ reset: key ?? null }, () =>
      key === undefined
        ? 'All settings have their defaults.'
        : sanitizeText(`${key} = ${describeSettingValue(settings.get(key as SettingKey))}`),
    );
    return EXIT.done;
  });
}

export function configSet(): Command {
  const command = leafCommand('set <key> <value>', {
    description: 'Change a setting; config list shows all of them. Comments in settings.yaml stay.',
    json: '{ key, value }',
    examples: [
      ['config set max_concurrent_runs 8', 'how many runs may go on at once'],
      ['config set timezone Europe/Berlin', 'for schedules that name none'],
    ],
  });
  return onCommand<[string, string], object>(command, async (context, [key, text]) => {
    const { settings } = await context.workspace();
    await settings.set(key, text);
    const value = settings.get(key as SettingKey);
    await context.print({ key, value }, () => sanitizeText(`${key} = ${describeSettingValue(value)}`));
  });
}
