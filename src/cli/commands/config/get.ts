import type { Command } from 'commander';
import { sanitizeText } from '../../../core/lib/terminal-text.ts';
import type { SettingKey } from '../../../core/settings/setting-rules.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';

export function configGet(): Command {
  const command = leafCommand('get <key>', {
    description: 'Print a setting.',
    json: '{ key, value }',
    examples: [['config get max_concurrent_runs', 'its value, or the default']],
  });
  return onCommand<[string], object>(command, async (context, [key]) => {
    const value = (await context.workspace()).settings.get(key as SettingKey);
    await context.print({ key, value }, () => sanitizeText(String(value ?? '')));
  });
}
