import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { formatHostAndPort } from '../../core/configs/host-and-port.ts';
import { sanitizeLines } from '../../core/lib/sanitize-text.ts';
import type { Framing } from '../../rpc/json-rpc/serve-json-rpc.ts';
import { type CommandContext, exitWhenDetached } from '../context/context.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { addPolicyFlags, type PolicyFlags, policyFromFlags } from '../flags/policy-flags.ts';

export function tuiCommand(): Command {
  const command = leafCommand('tui', {
    description:
      'Open the dashboard. It shows all jobs, runs and logs live, with their actions. Needs a terminal; `quickscrape` alone on a terminal opens it too. QUICKSCRAPE_ASCII=1 draws lines and signs with ASCII.',
    json: 'nothing: it is for people',
    examples: [
      ['tui', 'in it, ? shows the keys and : all actions'],
      ['tui --read-only', 'to look without changing anything'],
    ],
  }).option('--read-only', 'nothing can be changed from the dashboard');
  return onCommand<[], { readOnly?: boolean }>(command, async (context, _args, { readOnly }) => {
    const { globals } = context;
    await exitWhenDetached(context);
    const { openDashboard } = await import('../../tui/open-dashboard.ts');
    return openDashboard({ home: globals.home, readOnly: readOnly === true, color: globals.color });
  });
}

/** The assistants and editors with a known configuration snippet. */
const MCP_CLIENTS = ['claude', 'cursor', 'vscode', 'zed', 'codex'] as const;
type McpClient = (typeof MCP_CLIENTS)[number];

interface McpFlags extends PolicyFlags {
  printConfig?: McpClient;
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
  }).addOption(
    new Option('--print-config <client>', 'print the configuration for a client, and do not serve').choices(
      MCP_CLIENTS,
    ),
  );
  return onCommand<[], McpFlags>(addPolicyFlags(command), async (context, _, flags) => {
    if (flags.printConfig !== undefined) return printConfig(context, flags.printConfig, flags);
    await exitWhenDetached(context);
    const { reserveStdout } = await import('../../rpc/stdio/reserve-stdout.ts');
    const output = reserveStdout();
    const { serveMcp } = await import('../../rpc/mcp/server.ts');
    await serveMcp({
      home: context.globals.home,
      policy: policyFromFlags(flags),
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
  }).addOption(
    new Option('--framing <framing>', 'one message a line, or headers as in the Language Server Protocol')
      .choices(['lines', 'content-length'])
      .default('lines'),
  );
  return onCommand<[], RpcFlags>(addPolicyFlags(command), async (context, _, flags) => {
    await exitWhenDetached(context);
    const { reserveStdout } = await import('../../rpc/stdio/reserve-stdout.ts');
    const output = reserveStdout();
    const { serveJsonRpc } = await import('../../rpc/json-rpc/serve-json-rpc.ts');
    if (process.stdin.isTTY)
      context.printMessage('Waiting for JSON-RPC 2.0 messages. Ctrl-D ends; see quickscrape rpc --help.');
    const ending = await serveJsonRpc({
      home: context.globals.home,
      framing: flags.framing,
      policy: policyFromFlags(flags),
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

/** Graphical programs do not have the PATH of a shell, so both files have full paths. */
function printConfig(context: CommandContext, client: McpClient, flags: PolicyFlags): number {
  // Graphical programs do not have this shell's environment, so the snippet includes the home.
  const home = context.globals.home ?? process.env['QUICKSCRAPE_HOME'];
  const args = [
    resolve(process.argv[1] ?? 'quickscrape'),
    'mcp',
    ...(home ? ['--home', resolve(home)] : []),
    ...(flags.readOnly ? ['--read-only'] : []),
    ...(flags.allowTrials ? ['--allow-trials'] : []),
    ...(flags.allowCommands ? ['--allow-commands'] : []),
    ...(flags.allowPrivateHosts
      ? ['--allow-private-hosts', ...flags.allowPrivateHosts.map(formatHostAndPort)]
      : []),
    ...(flags.outputDir === undefined ? [] : ['--output-dir', flags.outputDir]),
  ];
  const { text, where } = mcpSnippet(client, { command: process.execPath, args });
  context.out.write(text);
  context.printMessage(where);
  return EXIT.done;
}

interface McpSnippet {
  /** The content for the client's file. */
  text: string;
  /** A sentence that says where the text belongs. */
  where: string;
}

/** The command with which the client starts the server. */
interface ServerCommand {
  command: string;
  args: readonly string[];
}

const NAME = 'quickscrape';

/**
 * The snippet with which an assistant or an editor starts the server, each in the form that its documentation requires.
 */
function mcpSnippet(client: McpClient, { command, args }: ServerCommand): McpSnippet {
  switch (client) {
    case 'claude':
      return {
        text: toJson({ mcpServers: { [NAME]: { command, args } } }),
        where:
          'Claude Code: .mcp.json in the project. Claude Desktop: claude_desktop_config.json (Settings, Developer, Edit Config).',
      };
    case 'cursor':
      return {
        text: toJson({ mcpServers: { [NAME]: { command, args } } }),
        where: 'Cursor: ~/.cursor/mcp.json, or .cursor/mcp.json in the project.',
      };
    case 'vscode':
      return {
        text: toJson({ servers: { [NAME]: { type: 'stdio', command, args } } }),
        where: 'Visual Studio Code: .vscode/mcp.json in the project, or "MCP: Open User Configuration".',
      };
    case 'zed':
      return {
        text: toJson({ context_servers: { [NAME]: { source: 'custom', command, args, env: {} } } }),
        where: 'Zed: settings.json ("zed: open settings").',
      };
    case 'codex':
      return {
        text: `[mcp_servers.${NAME}]\ncommand = ${toTomlString(command)}\nargs = [${args.map(toTomlString).join(', ')}]\n`,
        where: 'Codex: ~/.codex/config.toml.',
      };
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Quotes a text as a basic string of TOML 1.0, which also allows JSON's escapes and DEL. */
function toTomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007F');
}
