import { Argument, type Command } from 'commander';
import { leafCommand, onCommand } from '../context/define-command.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export function completionCommand(): Command {
  const command = leafCommand('completion', {
    overSsh: true,
    description:
      'Print a completion script: commands, flags, their values, ids of jobs and names of configurations.',
    json: 'the script as it is',
    examples: [
      ['completion bash >> ~/.bashrc', 'bash'],
      ['completion zsh > ~/.zfunc/_quickscrape', 'zsh (a folder of your fpath)'],
      ['completion fish > ~/.config/fish/completions/quickscrape.fish', 'fish'],
      ['completion powershell >> $PROFILE', 'PowerShell'],
    ],
  }).addArgument(new Argument('<shell>', 'which shell').choices(SHELLS));
  return onCommand<[(typeof SHELLS)[number]], object>(command, async (context, [shell]) => {
    if (shell === 'bash') {
      const { BASH_COMPLETION_FALLBACK } = await import('./suggest-completions.ts');
      context.out.write(BASH_COMPLETION_FALLBACK);
    }
    const { script } = await import('@bomb.sh/tab');
    script(shell, 'quickscrape', 'quickscrape');
  });
}

/**
 * The command that the scripts call at each Tab: `quickscrape complete -- job sh`. It is hidden, because no one types
 * it.
 */
export function completeCommand(): Command {
  const command = leafCommand('complete', {
    overSsh: true,
    description: 'Suggest how a command line may go on.',
  })
    .argument('[words...]')
    .allowUnknownOption();
  return onCommand<[], object>(command, async (context) => {
    const { suggestCompletions } = await import('./suggest-completions.ts');
    const { SETTING_KEYS } = await import('../../core/settings/setting-rules.ts');
    suggestCompletions(
      command.parent ?? command,
      command.args,
      context.globals.home,
      await homeNames(command.args),
      SETTING_KEYS,
    );
  });
}

/** The names of `homes.yaml`, if the word to complete may be one of them. */
async function homeNames(words: readonly string[]): Promise<string[]> {
  if (!words.some((word) => word.startsWith('--home'))) return [];
  const { homesFilePath, readHomesFile } = await import('../../core/fs/homes-file.ts');
  try {
    return readHomesFile(homesFilePath(process.env)).homes.map(({ name }) => `@${name}`);
  } catch {
    // A file that cannot be read is reported by the command that needs it.
    return [];
  }
}
