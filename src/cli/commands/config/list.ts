import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { renderTable } from '../../render/table.ts';

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
  return value === null ? '-' : String(value);
}
