import type { Operation } from '../core/operations/define-operation.ts';

/**
 * What the person who started a server allows its clients (design.md 13). It comes from the command line only: nothing
 * that a client sends can change it.
 */
export interface Policy {
  /** Nothing but operations that change nothing. */
  readOnly: boolean;
  /** Clients may set the commands that a job calls (`on_success`, `on_failure`, `on_recovery`, `on_change`). */
  allowCommands: boolean;
  /** Hosts in private networks that configurations of clients may name. */
  allowPrivateHosts: readonly string[];
  /** Where jobs of clients may write beside the home's `output/`; relative output paths start there. Absolute. */
  outputDir: string | undefined;
}

/** What a server without flags allows. */
export const CAREFUL: Policy = {
  readOnly: false,
  allowCommands: false,
  allowPrivateHosts: [],
  outputDir: undefined,
};

/** The fields of a job that name a command, or say when one is called. */
export const COMMAND_FIELDS = [
  'on_success',
  'on_failure',
  'on_failure_mode',
  'on_recovery',
  'on_change',
] as const;

/** Whether an operation is offered at all. */
export function isServed({ annotations }: Pick<Operation, 'annotations'>, policy: Policy): boolean {
  return !policy.readOnly || annotations.readOnlyHint;
}

/** The names by which a permitted private host is known: without scheme, port, brackets and final dot. */
export function permittedHosts({ allowPrivateHosts }: Policy): ReadonlySet<string> {
  return new Set(allowPrivateHosts.map(bareHost));
}

function bareHost(entry: string): string {
  const text = entry.trim().toLowerCase();
  const address = text.includes('://') ? text : `http://${isBareIpv6(text) ? `[${text}]` : text}`;
  const host = URL.canParse(address) ? new URL(address).hostname : text;
  return host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isBareIpv6(text: string): boolean {
  return !text.startsWith('[') && text.split(':').length > 2;
}
