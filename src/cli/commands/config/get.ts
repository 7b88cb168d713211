import type { Command } from 'commander';
import type { SettingKey } from '../../../core/settings/setting-rules.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { sanitizeText } from '../../render/sanitize-terminal-text.ts';

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
