import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { formatHostAndPort } from '../../core/configs/host-and-port.ts';
import { isHomeName } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { findInstallation, type Installation, programCommand } from '../../core/lib/installation.ts';
import { sanitizeLines } from '../../core/lib/sanitize-text.ts';
import { startScript } from '../../core/process/shell.ts';
import type { Policy } from '../../rpc/access/policy.ts';
import { selectionFlags } from '../../rpc/access/tool-selection.ts';
import type { Framing } from '../../rpc/json-rpc/serve-json-rpc.ts';
import { openDashboard } from '../../tui/open-dashboard.ts';
import { type CommandContext, exitWhenDetached } from '../context/context.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { remoteHints } from '../flags/global-flags.ts';
import {
  addPolicyFlags,
  type PolicyFlags,
  policyFromFlags,
  selectionArguments,
} from '../flags/policy-flags.ts';
import { SCREEN_READER_FLAG, showForScreenReader } from '../flags/screen-reader.ts';
import { MCP_CLIENT_NAMES, type McpClientName, mcpSnippet, type ServerCommand } from './mcp-clients.ts';

interface TuiFlags {
  job?: string;
  readOnly?: boolean;
  screenReader?: boolean;
}

export function tuiCommand(): Command {
  const command = leafCommand('tui', {
    overSsh: true,
    description:
      'Open the dashboard. It shows all jobs, runs and logs live, with their actions. Needs a terminal; `quickscrape` alone on a terminal opens it too. QUICKSCRAPE_ASCII=1 draws lines and signs with ASCII.',
    json: 'nothing: it is for people',
    examples: [
      ['tui', 'in it, ? shows the keys and : all actions'],
      ['tui --read-only', 'to look without changing anything'],
    ],
  })
    .option('--job <job>', 'select this job at the beginning')
    .option('--read-only', 'nothing can be changed from the dashboard')
    .option(...SCREEN_READER_FLAG);
  return onCommand<[], TuiFlags>(command, async (context, _args, { job, readOnly, screenReader }) => {
    const { globals } = context;
    if (screenReader) showForScreenReader();
    await exitWhenDetached(context);
    const { home, homeArgument, remote, color } = globals;
    const homeName = isHomeName(homeArgument) ? homeArgument : undefined;
    return openDashboard({ home, homeName, remote, job, readOnly: readOnly === true, color });
  });
}

interface McpFlags extends PolicyFlags {
  channel?: true;
  printConfig?: McpClientName;
}

export function mcpCommand(): Command {
  const command = leafCommand('mcp', {
    description:
      'Serve an AI assistant with the Model Context Protocol on stdin and stdout. Every operation is a tool; jobs and runs are resources with change notifications. Logs go to stderr. Ends with its input.',
    json: 'nothing: on stdout there are only the messages of the protocol',
    examples: [
      ['mcp --print-config claude', 'what to put into the assistant’s configuration'],
      ['mcp --read-only', 'for an assistant that may only read'],
    ],
  })
    .option('--channel', 'send the model a message when a job begins to fail, and when it works again')
    .addOption(
      new Option('--print-config <client>', 'print the configuration for a client, and do not serve').choices(
        MCP_CLIENT_NAMES,
      ),
    );
  return onCommand<[], McpFlags>(addPolicyFlags(command), async (context, _, flags) => {
    if (flags.printConfig !== undefined) return printConfig(context, flags.printConfig, flags);
    const policy = await chosenPolicy(flags);
    await exitWhenDetached(context);
    const { reserveStdout } = await import('../../rpc/stdio/reserve-stdout.ts');
    const output = reserveStdout();
    const { serveMcp } = await import('../../rpc/mcp/server.ts');
    await serveMcp({
      home: context.globals.home,
      policy,
      channel: flags.channel === true,
      output,
      signal: context.interrupt.signal,
      log: (message) => context.printMessage(sanitizeLines(message)),
    });
    // A call that was abandoned may still hold resources; they must not keep the process alive.
    setTimeout(() => process.exit(), 300).unref();
    return context.interrupt.code === EXIT.interrupted ? EXIT.interrupted : EXIT.done;
  });
}

interface RpcFlags extends PolicyFlags {
  framing: Framing;
  hintsFor?: string;
}

export function rpcCommand(): Command {
  const command = leafCommand('rpc', {
    description:
      'Serve a program, such as an editor’s plugin, with JSON-RPC 2.0 on stdin and stdout. Every operation is a method of the same name; subscribe sends notifications of changes. Logs go to stderr. Ends with its input.',
    json: 'nothing: on stdout there are only the messages of the protocol',
    examples: [
      [`rpc <<< '{"jsonrpc":"2.0","id":1,"method":"list_jobs"}'`, 'one question, one answer'],
      ['rpc --framing content-length --read-only', 'for an LSP-style client that may only read'],
    ],
  })
    .addOption(
      new Option('--framing <framing>', 'one message a line, or headers as in the Language Server Protocol')
        .choices(['lines', 'content-length'])
        .default('lines'),
    )
    .option(
      '--hints-for <home>',
      'hints name commands on this home, as people type them where the client is; without it, methods',
    );
  return onCommand<[], RpcFlags>(addPolicyFlags(command), async (context, _, flags) => {
    const policy = await chosenPolicy(flags);
    await exitWhenDetached(context);
    const { reserveStdout } = await import('../../rpc/stdio/reserve-stdout.ts');
    const output = reserveStdout();
    const { serveJsonRpc } = await import('../../rpc/json-rpc/serve-json-rpc.ts');
    if (process.stdin.isTTY)
      context.printMessage(
        `Waiting for JSON-RPC 2.0 messages. Ctrl-D ends; see ${programCommand()} rpc --help.`,
      );
    const ending = await serveJsonRpc({
      home: context.globals.home,
      framing: flags.framing,
      policy,
      formatHint: flags.hintsFor === undefined ? undefined : remoteHints(flags.hintsFor),
      output,
      signal: context.interrupt.signal,
      log: (message) => context.printMessage(sanitizeLines(message)),
    });
    // A call that was abandoned may still hold resources; they must not keep the process alive.
    setTimeout(() => process.exit(), 300).unref();
    if (ending === 'input_lost') return EXIT.usage;
    return context.interrupt.code === EXIT.interrupted ? EXIT.interrupted : EXIT.done;
  });
}

/** @throws QuickscrapeError `invalid_params` for a selection of which nothing is left */
async function chosenPolicy(flags: PolicyFlags): Promise<Policy> {
  const policy = policyFromFlags(flags);
  const chosen = selectionFlags(policy);
  if (chosen.length === 0) return policy;
  const { exposedOperations } = await import('../../rpc/access/session.ts');
  if ((await exposedOperations(policy)).size > 0) return policy;
  const { hidingFlags } = await import('../../rpc/access/policy.ts');
  throw new QuickscrapeError('invalid_params', `no operation is left to offer with ${hidingFlags(policy)}`, {
    hint: 'Choose more, or leave out one of these flags.',
  });
}

function printConfig(context: CommandContext, client: McpClientName, flags: McpFlags): number {
  // Graphical programs do not have this shell's environment, so the snippet includes the home.
  const home = context.globals.home ?? process.env['QUICKSCRAPE_HOME'];
  const installation = findInstallation();
  const { command, args } = serverCommand(installation);
  const { text, where, link } = mcpSnippet(client, {
    command,
    args: [
      ...args,
      'mcp',
      ...(home ? ['--home', resolve(home)] : []),
      ...(flags.readOnly ? ['--read-only'] : []),
      ...(flags.allowTrials ? ['--allow-trials'] : []),
      ...(flags.allowCommands ? ['--allow-commands'] : []),
      ...(flags.allowRequests ? ['--allow-requests'] : []),
      ...(flags.allowPrivateHosts
        ? ['--allow-private-hosts', ...flags.allowPrivateHosts.map(formatHostAndPort)]
        : []),
      ...(flags.outputDir === undefined ? [] : ['--output-dir', flags.outputDir]),
      ...selectionArguments(flags),
      ...(flags.channel ? ['--channel'] : []),
    ],
  });
  context.out.write(text);
  context.printMessage(where);
  if (command !== process.execPath)
    context.printMessage(
      'It starts npx, which must be on the PATH of that program, and downloads what is missing.',
    );
  if (link !== undefined) context.printMessage(`Or open this link, which adds it:\n${link}`);
  return EXIT.done;
}

function serverCommand({ kind, argv }: Installation): ServerCommand {
  const words = kind === 'npx' ? startScript(argv) : argv;
  const [command = 'quickscrape', ...args] = words;
  return { command, args };
}
