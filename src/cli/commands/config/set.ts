import type { Command } from 'commander';
import { sanitizeText } from '../../../core/lib/terminal-text.ts';
import type { SettingKey } from '../../../core/settings/setting-rules.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';

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
    await context.print({ key, value }, () => sanitizeText(`${key} = ${String(value)}`));
  });
}
