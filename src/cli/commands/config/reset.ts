import type { Command } from 'commander';
import { sanitizeText } from '../../../core/lib/terminal-text.ts';
import type { SettingKey } from '../../../core/settings/setting-rules.ts';
import { canPrompt, confirm } from '../../context/confirm.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { EXIT } from '../../context/exit-codes.ts';

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
        : sanitizeText(`${key} = ${String(settings.get(key as SettingKey))}`),
    );
    return EXIT.done;
  });
}
