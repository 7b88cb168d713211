import { VERSION } from '../../core/lib/program.ts';

/** The command with which a client starts the server. */
export interface ServerCommand {
  command: string;
  args: readonly string[];
}

interface McpClient {
  /** A sentence that says where the text belongs. */
  where: string;
  /** The content for the client's file. */
  text: (server: ServerCommand) => string;
  /** An address that adds the server when it is opened; undefined if the client accepts none for this command. */
  link?: (server: ServerCommand) => string | undefined;
}

const NAME = 'quickscrape';

/** The assistants and editors, each in the form that its documentation describes. */
const CLIENTS = {
  claude: mcpServers('Claude Code: .mcp.json in the project, or "mcpServers" in ~/.claude.json.'),
  'claude-desktop': mcpServers(
    'Claude Desktop: claude_desktop_config.json (Settings, Developer, Edit Config).',
  ),
  cursor: {
    ...mcpServers('Cursor: ~/.cursor/mcp.json, or .cursor/mcp.json in the project.'),
    link: (server) =>
      `cursor://anysphere.cursor-deeplink/mcp/install?name=${NAME}&config=${toBase64(server)}`,
  },
  vscode: {
    where: 'Visual Studio Code: .vscode/mcp.json in the project, or "MCP: Open User Configuration".',
    text: (server) => toJson({ servers: { [NAME]: { type: 'stdio', ...server } } }),
    link: (server) =>
      `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: NAME, type: 'stdio', ...server }))}`,
  },
  'copilot-cli': {
    where: 'GitHub Copilot CLI: ~/.copilot/mcp-config.json.',
    text: (server) => toJson({ mcpServers: { [NAME]: { type: 'local', ...server, tools: ['*'] } } }),
  },
  zed: {
    where: 'Zed: settings.json ("zed: open settings").',
    text: (server) => toJson({ context_servers: { [NAME]: { ...server, env: {} } } }),
  },
  codex: {
    where: 'Codex: ~/.codex/config.toml.',
    text: ({ command, args }) =>
      `[mcp_servers.${NAME}]\ncommand = ${toTomlString(command)}\nargs = [${args.map(toTomlString).join(', ')}]\n`,
  },
  gemini: mcpServers('Gemini CLI: ~/.gemini/settings.json, or .gemini/settings.json in the project.'),
  windsurf: mcpServers('Windsurf: ~/.codeium/windsurf/mcp_config.json.'),
  opencode: {
    where: 'OpenCode: ~/.config/opencode/opencode.json, or opencode.json in the project.',
    text: ({ command, args }) =>
      toJson({
        $schema: 'https://opencode.ai/config.json',
        mcp: { [NAME]: { type: 'local', command: [command, ...args], enabled: true } },
      }),
  },
  goose: {
    where: 'goose: ~/.config/goose/config.yaml.',
    text: ({ command, args }) =>
      `extensions:\n  ${NAME}:\n    name: ${NAME}\n    type: stdio\n    cmd: ${toYamlFlow(command)}\n    args: ${toYamlFlow(args)}\n    enabled: true\n    timeout: 300\n`,
    // Of other commands it refuses links.
    link: ({ command, args }) =>
      command === 'npx'
        ? `goose://extension?${encodeQuery([
            ['cmd', command],
            ...args.map((arg): [string, string] => ['arg', arg]),
            ['timeout', '300'],
            ['id', NAME],
            ['name', 'QuickScrape Jobs'],
            ['description', 'Schedules web-scraping jobs and runs them.'],
          ])}`
        : undefined,
  },
  cline: mcpServers('Cline: cline_mcp_settings.json (MCP Servers, Configure, Configure MCP Servers).'),
  continue: {
    where: `Continue: .continue/mcpServers/${NAME}.yaml in the project.`,
    text: ({ command, args }) =>
      `name: ${NAME}\nversion: ${VERSION}\nschema: v1\nmcpServers:\n  - name: ${NAME}\n    type: stdio\n    command: ${toYamlFlow(command)}\n    args: ${toYamlFlow(args)}\n`,
  },
  jetbrains: mcpServers(
    'JetBrains AI Assistant: Settings, Tools, AI Assistant, Model Context Protocol (MCP), Add, As JSON.',
  ),
  junie: mcpServers('Junie: ~/.junie/mcp/mcp.json, or .junie/mcp/mcp.json in the project.'),
  kiro: mcpServers('Kiro: ~/.kiro/settings/mcp.json, or .kiro/settings/mcp.json in the project.'),
  'lm-studio': {
    ...mcpServers('LM Studio: mcp.json (Program, Install, Edit mcp.json).'),
    link: (server) => `lmstudio://add_mcp?name=${NAME}&config=${encodeURIComponent(toBase64(server))}`,
  },
  warp: mcpServers('Warp: ~/.warp/.mcp.json, or .warp/.mcp.json in the project.'),
} as const satisfies Record<string, McpClient>;

export type McpClientName = keyof typeof CLIENTS;

export const MCP_CLIENT_NAMES = Object.keys(CLIENTS) as McpClientName[];

export interface McpSnippet {
  text: string;
  where: string;
  link: string | undefined;
}

/** What a person enters so that this client starts the server. */
export function mcpSnippet(name: McpClientName, server: ServerCommand): McpSnippet {
  const client: McpClient = CLIENTS[name];
  return { text: client.text(server), where: client.where, link: client.link?.(server) };
}

/** The form of Claude Desktop, which most clients read. */
function mcpServers(where: string): McpClient {
  return { where, text: (server) => toJson({ mcpServers: { [NAME]: server } }) };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function toBase64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

/** Encodes spaces as %20, because not every client reads a plus sign as a space. */
function encodeQuery(fields: readonly [string, string][]): string {
  return fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

/** JSON is YAML, except that YAML wants DEL and the C1 controls escaped. */
function toYamlFlow(value: unknown): string {
  return escapeControls(JSON.stringify(value));
}

/** Quotes a text as a basic string of TOML 1.0, which also allows JSON's escapes and wants DEL escaped. */
function toTomlString(text: string): string {
  return escapeControls(JSON.stringify(text));
}

function escapeControls(text: string): string {
  return text.replace(/[\u007f-\u009f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
