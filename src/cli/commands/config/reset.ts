import type { Command } from 'commander';
import type { SettingKey } from '../../../core/store/setting-rules.ts';
import { leafCommand, onCommand } from '../../define-command.ts';
import { visibleText } from '../../visible-text.ts';

export function configReset(): Command {
  const command = leafCommand('reset [key]', {
    description: 'Give a setting its default again; without a key all of them.',
    json: '{ reset }: the key, or null for all',
    examples: [['config reset max_concurrent_runs', 'back to 4']],
  });
  return onCommand<[string | undefined], object>(command, async (context, [key]) => {
    const { settings } = await context.workspace();
    await settings.reset(key);
    await context.print({ reset: key ?? null }, () =>
      key === undefined
        ? 'All settings have their defaults.'
        : visibleText(`${key} = ${String(settings.get(key as SettingKey))}`),
    );
  });
}
