import { toTomlString } from './toml-string.ts';

/** The assistants and editors for which a snippet is known. */
export const MCP_CLIENTS = ['claude', 'cursor', 'vscode', 'zed', 'codex'] as const;
export type McpClient = (typeof MCP_CLIENTS)[number];

export interface McpSnippet {
  /** What goes into the client's file. */
  text: string;
  /** Where it goes, in a sentence. */
  where: string;
}

/** How the client starts the server. */
export interface ServerCommand {
  command: string;
  args: readonly string[];
}

const NAME = 'quickscrape';

/** The configuration by which an assistant or an editor starts the server (each in the form that its documentation asks for). */
export function mcpSnippet(client: McpClient, { command, args }: ServerCommand): McpSnippet {
  switch (client) {
    case 'claude':
      return {
        text: json({ mcpServers: { [NAME]: { command, args } } }),
        where:
          'Claude Code: .mcp.json in the project. Claude Desktop: claude_desktop_config.json (Settings, Developer, Edit Config).',
      };
    case 'cursor':
      return {
        text: json({ mcpServers: { [NAME]: { command, args } } }),
        where: 'Cursor: ~/.cursor/mcp.json, or .cursor/mcp.json in the project.',
      };
    case 'vscode':
      return {
        text: json({ servers: { [NAME]: { type: 'stdio', command, args } } }),
        where: 'Visual Studio Code: .vscode/mcp.json in the project, or "MCP: Open User Configuration".',
      };
    case 'zed':
      return {
        text: json({ context_servers: { [NAME]: { source: 'custom', command, args, env: {} } } }),
        where: 'Zed: settings.json ("zed: open settings").',
      };
    case 'codex':
      return {
        text: `[mcp_servers.${NAME}]\ncommand = ${toTomlString(command)}\nargs = [${args.map(toTomlString).join(', ')}]\n`,
        where: 'Codex: ~/.codex/config.toml.',
      };
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
