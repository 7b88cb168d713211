import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type HostAndPort, parseHostAndPort } from '../../core/configs/host-and-port.ts';
import { hintForName } from '../../core/lib/closest-names.ts';
import { OPERATION_NAMES } from '../../core/operations/operations.ts';
import type { Policy } from '../../rpc/access/policy.ts';
import { TOOLSETS, type Toolset } from '../../rpc/access/tool-selection.ts';

/** The values of the flags of {@link addPolicyFlags}. */
export interface PolicyFlags {
  readOnly?: true;
  allowTrials?: true;
  allowCommands?: true;
  allowRequests?: true;
  allowPrivateHosts?: HostAndPort[];
  outputDir?: string;
  tools?: string[];
  toolsets?: Toolset[];
  excludeTools?: string[];
}

/** Adds the flags that set what a server allows its clients. */
export function addPolicyFlags(command: Command): Command {
  return command
    .option('--read-only', 'offer only what changes nothing')
    .option('--allow-trials', 'with --read-only, let clients try configurations on live pages too')
    .option('--allow-commands', 'let clients set the commands that a job calls: on_success, on_failure …')
    .option(
      '--allow-requests',
      'let clients save and test configurations whose request may change something, such as a POST, or that send several at a time',
    )
    .option(
      '--allow-private-hosts <host...>',
      'let clients save and test configurations that read these hosts of private networks: HOST[:PORT], without a port at any',
      parsePrivateHost,
    )
    .option(
      '--output-dir <dir>',
      'let jobs of clients write here too; relative output paths start here',
      parseOutputDir,
    )
    .option(
      '--tools <names>',
      'offer only these operations: NAME,NAME…',
      parseNames('operation', OPERATION_NAMES),
    )
    .option(
      '--toolsets <names>',
      `offer only the operations of these groups, and those of --tools: ${TOOLSETS.join(', ')}`,
      parseNames('group', TOOLSETS),
    )
    .option(
      '--exclude-tools <names>',
      'do not offer these operations: NAME,NAME…',
      parseNames('operation', OPERATION_NAMES),
    );
}

export function policyFromFlags(flags: PolicyFlags): Policy {
  const { readOnly, allowTrials, allowCommands, allowRequests, allowPrivateHosts, outputDir } = flags;
  const { tools = [], toolsets = [], excludeTools = [] } = flags;
  return {
    readOnly: readOnly === true,
    allowTrials: allowTrials === true,
    allowCommands: allowCommands === true,
    allowRequests: allowRequests === true,
    allowPrivateHosts: allowPrivateHosts ?? [],
    outputDir,
    tools,
    toolsets,
    excludedTools: excludeTools,
  };
}

/** The flags of a selection as arguments. */
export function selectionArguments({ tools, toolsets, excludeTools }: PolicyFlags): string[] {
  return Object.entries({
    '--tools': tools,
    '--toolsets': toolsets,
    '--exclude-tools': excludeTools,
  }).flatMap(([flag, names]) => (names === undefined ? [] : [flag, names.join(',')]));
}

/** Parses names separated by commas; a flag that is repeated adds to them. */
function parseNames<N extends string>(what: string, allowed: readonly N[]) {
  return (text: string, before: N[] = []): N[] => {
    const names = text.split(',').map((name) => name.trim());
    for (const name of names)
      if (!(allowed as readonly string[]).includes(name))
        throw new InvalidArgumentError(`There is no ${what} "${name}". ${hintForName(name, allowed)}`);
    return [...before, ...(names as N[])];
  };
}

function parsePrivateHost(text: string, before: HostAndPort[] | undefined): HostAndPort[] {
  const hostAndPort = parseHostAndPort(text);
  if (hostAndPort === undefined)
    throw new InvalidArgumentError(
      'It must be HOST or HOST:PORT, such as intranet.example, 10.0.0.5:8080 or [::1]:8080.',
    );
  return [...(before ?? []), hostAndPort];
}

function parseOutputDir(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must name a folder.');
  return resolve(text);
}
