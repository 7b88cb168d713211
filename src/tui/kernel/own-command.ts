/** Where a command of the user can be run, and which placeholders have a value there. */
export const COMMAND_SCOPES = {
  jobs: ['home', 'job_id', 'config', 'run_id'],
  runs: ['home', 'job_id', 'config', 'run_id', 'output_path'],
  items: ['home', 'job_id', 'config', 'run_id', 'output_path'],
  configs: ['home', 'config'],
} as const;

export type CommandScope = keyof typeof COMMAND_SCOPES;

export type Placeholder = (typeof COMMAND_SCOPES)[CommandScope][number];

/** A command of the user, from `commands.yaml`. */
export interface OwnCommand {
  readonly name: string;
  readonly title: string;
  readonly scopes: readonly CommandScope[];
  readonly key?: string;
  /** Its word in the footer. */
  readonly footer?: string;
  /** The program and its arguments, with placeholders such as `{job_id}`. No shell reads them. */
  readonly argv: readonly string[];
  /** Runs beside the dashboard, and its result is a notice; otherwise it gets the terminal. */
  readonly background: boolean;
  /** It changes nothing, so `--read-only` allows it. */
  readonly readsOnly: boolean;
}

/** `{{job_id}}` stands for the text `{job_id}`. */
const PLACEHOLDER = /\{\{([a-z_]+)\}\}|\{([a-z_]+)\}/g;

/** The names of the placeholders in a command. */
export function placeholdersIn(argv: readonly string[]): readonly string[] {
  return argv.flatMap((each) => [...each.matchAll(PLACEHOLDER)].flatMap(([, , name]) => name ?? []));
}

/** Replaces the placeholders of a command by their values. */
export function fillPlaceholders(argv: readonly string[], lookUp: (name: string) => string): string[] {
  return argv.map((each) =>
    each.replaceAll(PLACEHOLDER, (_, literal: string | undefined, name: string | undefined) =>
      name === undefined ? `{${literal}}` : lookUp(name),
    ),
  );
}
