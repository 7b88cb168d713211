import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Complete } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab';
import type { Argument, Command, Option } from 'commander';
import { isHomeName, resolveHome } from '../../core/fs/paths.ts';
import { asRecord } from '../../core/lib/json.ts';

/**
 * A replacement for the function of the package bash-completion that the script needs: it joins words again that bash
 * splits at = and :. If the package is installed, its own function is used.
 */
export const BASH_COMPLETION_FALLBACK = `if ! declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref() {
        local index part joined=
        words=()
        cword=0
        for index in "\${!COMP_WORDS[@]}"; do
            part=\${COMP_WORDS[index]}
            if [[ \${#words[@]} -gt 1 && ( $joined || $part == [=:] ) ]]; then
                words[\${#words[@]}-1]+=$part
            else
                words+=("$part")
            fi
            joined=
            [[ $part == [=:] ]] && joined=1
            [[ $index -eq $COMP_CWORD ]] && cword=$((\${#words[@]} - 1))
        done
        cur=\${words[cword]}
        prev=
        [[ $cword -gt 0 ]] && prev=\${words[cword-1]}
        return 0
    }
fi
`;

/** Prints the completions of a command line, one per line, in the format that the scripts read. */
export function suggestCompletions(
  program: Command,
  words: readonly string[],
  home: string | undefined,
  homeNames: readonly string[],
  settingKeys: readonly string[],
): void {
  // Of a home on another machine nothing is suggested: a connection at each Tab would be slow.
  const folderOf = (folder: 'jobs' | 'configs' | 'runs' | 'workers') =>
    isHomeName(home) ? '' : resolveHome({ home })[folder];
  const names = (folder: 'jobs' | 'configs', ending: string) => (complete: Complete) => {
    for (const name of listNames(folderOf(folder), ending)) complete(name, '');
  };
  const sources = {
    job: names('jobs', '.json'),
    config: names('configs', '.yaml'),
    run: (complete: Complete) => {
      for (const id of newestRuns(folderOf('runs'))) complete(id, '');
    },
    worker: (complete: Complete) => {
      for (const name of workerNames(folderOf('workers'))) complete(name, '');
    },
    home: (complete: Complete) => {
      for (const name of homeNames) complete(name, '');
    },
    key: (complete: Complete) => {
      for (const key of settingKeys) complete(key, '');
    },
  };
  const globals = program.options;
  describe(program, []);
  tab.parse([...words]);

  function describe(command: Command, path: readonly string[]): void {
    const target = path.length === 0 ? tab : tab.command(path.join(' '), command.description());
    for (const option of path.length === 0 ? globals : [...command.options, ...globals]) {
      const name = option.long?.replace(/^--/, '');
      if (name === undefined || option.hidden) continue;
      const values = valuesOf(option);
      if (values === undefined) target.option(name, option.description);
      else target.option(name, option.description, values);
    }
    for (const argument of command.registeredArguments) {
      target.argument(argument.name(), argumentValues(argument), argument.variadic);
    }
    for (const child of command.commands) {
      if (child.name() !== 'complete') describe(child, [...path, child.name()]);
    }
  }

  /** `undefined` for a flag that takes no value. */
  function valuesOf(option: Option): ((complete: Complete) => void) | undefined {
    if (option.isBoolean() || (!option.required && !option.optional)) return undefined;
    if (option.long === '--config') return sources.config;
    if (option.long === '--run') return sources.run;
    if (option.long === '--home') return sources.home;
    return (complete) => {
      for (const choice of option.argChoices ?? []) complete(choice, '');
    };
  }

  function argumentValues(argument: Argument): (complete: Complete) => void {
    const name = argument.name();
    if (name === 'job' || name === 'run' || name === 'worker' || name === 'key') return sources[name];
    if (name === 'config' || name === 'config|file') return sources.config;
    return (complete) => {
      for (const choice of argument.argChoices ?? []) complete(choice, '');
    };
  }
}

function listNames(folder: string, ending: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(ending) && !file.startsWith('.'))
      .map((file) => file.slice(0, file.length - ending.length))
      .sort();
  } catch {
    // Without a home there is nothing to suggest.
    return [];
  }
}

/** The names in `workers.json`; none when it cannot be read. */
function workerNames(file: string): string[] {
  try {
    const { workers } = asRecord(JSON.parse(readFileSync(file, 'utf8')));
    return Object.keys(asRecord(workers)).sort();
  } catch {
    return [];
  }
}

const MAX_SUGGESTED_RUNS = 50;

/** Run ids, the newest first, from the names of the run folders. */
function newestRuns(folder: string): string[] {
  return listNames(folder, '')
    .flatMap((job) =>
      listNames(join(folder, job), '').map((id) => ({ id, at: modifiedAt(join(folder, job, id)) })),
    )
    .sort((a, b) => b.at - a.at)
    .slice(0, MAX_SUGGESTED_RUNS)
    .map(({ id }) => id);
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
