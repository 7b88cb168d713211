import { cpSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { MCP_CLIENT_NAMES, type McpClientName, mcpSnippet } from '../../../src/cli/commands/mcp-clients.ts';
import { it } from '../../extend.ts';
import { PROGRAM, quickscrape } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';
import { CLIENT_SCHEMAS } from './client-schemas.ts';

type Fields = Record<string, unknown>;

/** Written by others, and installed with the conformance tools: a parser of TOML, and snippets for these clients. */
const CONFORMANCE = new URL('../../conformance/node_modules/', import.meta.url);
const hasJudges = existsSync(new URL('smol-toml', CONFORMANCE));

async function fromConformance<T>(path: string): Promise<T> {
  return (await import(new URL(path, CONFORMANCE).href)) as T;
}

async function parse(client: string, text: string): Promise<Fields> {
  if (client === 'goose' || client === 'continue') return parseYaml(text) as Fields;
  if (client !== 'codex') return JSON.parse(text) as Fields;
  const toml = await fromConformance<{ parse: (text: string) => Fields }>('smol-toml/dist/index.js');
  return toml.parse(text);
}

/** The words of the command line in a snippet, wherever it has them. */
function commandLineIn(snippet: unknown): string[] | undefined {
  if (typeof snippet !== 'object' || snippet === null) return undefined;
  const { command, cmd, args } = snippet as Fields;
  if (Array.isArray(command)) return command as string[];
  const program = command ?? cmd;
  if (typeof program === 'string') return [program, ...(args as string[])];
  return Object.values(snippet)
    .map(commandLineIn)
    .find((found) => found !== undefined);
}

/** The names of these clients in that package. */
const IDS_OF_OTHERS: Partial<Record<McpClientName, string>> = {
  claude: 'claude-code',
  'claude-desktop': 'claude-desktop',
  cursor: 'cursor',
  vscode: 'vscode',
  codex: 'codex',
  gemini: 'gemini',
  windsurf: 'windsurf',
  opencode: 'opencode',
  goose: 'goose',
  jetbrains: 'jetbrains',
  junie: 'junie',
};

const SERVER = {
  command: '/usr/bin/node',
  args: ['/opt/quickscrape/cli.js', 'mcp', '--home', '/home/ada/shops'],
};
const NPX = { command: 'npx', args: ['-y', 'quickscrape-jobs', 'mcp'] };

const readable = MCP_CLIENT_NAMES.filter((client) => client !== 'codex' || hasJudges);

describe('the snippet', () => {
  it.each(readable)('for %s holds the command line, whatever its characters', async (client) => {
    const args = [...SERVER.args, '--output-dir', 'it’s "a" \\dir\t\u007f\u0085 ünd 日本', 'C:\\Users\\ada'];
    const { text, where } = mcpSnippet(client, { ...SERVER, args });
    expect(commandLineIn(await parse(client, text))).toEqual([SERVER.command, ...args]);
    // A file, or where its window is.
    expect(where).toMatch(/\.(json|toml|yaml)|Settings/);
  });

  it.each(hasJudges ? readable.filter((client) => client in IDS_OF_OTHERS) : [])(
    'for %s is what others print',
    async (client) => {
      const { MCPConfigRegistry } = await fromConformance<{
        MCPConfigRegistry: new (of: Fields) => Registry;
      }>('@gleanwork/mcp-config-schema/dist/index.js');
      const builder = new MCPConfigRegistry({ serverPackage: 'quickscrape-jobs' }).createBuilder(
        IDS_OF_OTHERS[client] ?? '',
      );
      const other = builder.buildConfiguration({ transport: 'stdio', serverName: 'quickscrape' });
      const snippet = await parse(client, mcpSnippet(client, NPX).text);
      const [theirs, ours] = [serverIn(other), serverIn(snippet)];
      expect(Object.keys(snippet).filter((key) => key !== '$schema')).toEqual(Object.keys(other));
      expect(commandLineIn(theirs)).toEqual(commandLineIn(ours)?.slice(0, 3));
      // Theirs sets more fields to their defaults; ours has none that theirs has not.
      const known = ['command', 'cmd', 'args', 'enabled', ...Object.keys(theirs)];
      expect(Object.keys(ours).filter((key) => !known.includes(key))).toEqual([]);
    },
  );

  it.each(readable.filter((client) => client in CLIENT_SCHEMAS))(
    'for %s has the form that the client publishes',
    async (client) => {
      const check = new Ajv({ strict: false }).compile(CLIENT_SCHEMAS[client] ?? {});
      check(await parse(client, mcpSnippet(client, SERVER).text));
      expect(check.errors).toBeNull();
    },
  );
});

it.each(['cursor', 'lm-studio'] as const)('the link for %s holds the same command', async (client) => {
  const { text, link } = mcpSnippet(client, SERVER);
  const config = new URL(link ?? '').searchParams.get('config') ?? '';
  expect(JSON.parse(Buffer.from(config, 'base64').toString())).toEqual(serverIn(await parse(client, text)));
});

it('the link for vscode holds the same command', async () => {
  const { text, link } = mcpSnippet('vscode', SERVER);
  const [address, query = ''] = link?.split('?') ?? [];
  expect(address).toBe('vscode:mcp/install');
  const server = serverIn(await parse('vscode', text));
  expect(JSON.parse(decodeURIComponent(query))).toEqual({ name: 'quickscrape', ...server });
});

it('there is a link for goose only with npx, as goose takes no other command of ours', () => {
  const { searchParams } = new URL(mcpSnippet('goose', NPX).link ?? '');
  expect(searchParams.get('cmd')).toBe('npx');
  expect(searchParams.getAll('arg')).toEqual(NPX.args);
  expect(mcpSnippet('goose', SERVER).link).toBeUndefined();
});

it('is printed with the flags given, and with the paths of Node and of the program', async ({ home }) => {
  const flags = ['--read-only', '--allow-trials', '--output-dir', 'shared'];
  const hosts = ['--allow-private-hosts', 'nas.lan', '10.0.0.5:81', '[::1]:80'];
  const chosen = ['--tools', 'get_run', '--toolsets', 'jobs,runs', '--exclude-tools', 'run_job'];
  const args = ['mcp', ...chosen, ...flags, ...hosts, '--print-config', 'claude'];
  const { stdout, stderr } = await quickscrape(args, { home, cwd: home });
  const { command, args: printed } = JSON.parse(stdout).mcpServers.quickscrape;
  expect(command).toBe(process.execPath);
  const server = [PROGRAM, 'mcp', '--home', home];
  expect(printed).toEqual([
    ...server,
    ...flags.slice(0, 2),
    ...hosts,
    '--output-dir',
    join(home, 'shared'),
    ...chosen,
  ]);
  expect(stderr).toContain('.mcp.json');
});

it('starts npx when npx started the program, because a path in its cache does not last', async ({ home }) => {
  const folder = join(tempFolder(), '_npx', '0f1e2d3c', 'node_modules', 'quickscrape-jobs');
  cpSync(dirname(PROGRAM), join(folder, 'dist'), { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
  const program = join(folder, 'dist', 'cli.js');
  const { stdout, stderr } = await quickscrape(['mcp', '--print-config', 'claude'], { home, program });
  const { quickscrape: server } = JSON.parse(stdout).mcpServers;
  expect(server).toEqual({ command: 'npx', args: [...NPX.args, '--home', home] });
  expect(stderr).toMatch(/npx.* PATH/);
});

it('refuses a client that it does not know, naming those that it does', async ({ home }) => {
  const { code, stderr, stdout } = await quickscrape(['mcp', '--print-config', 'emacs'], { home });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('claude, claude-desktop, cursor, vscode');
});

interface Registry {
  createBuilder(client: string): { buildConfiguration(options: Fields): Fields };
}

/** The one server of a snippet. */
function serverIn(snippet: Fields): Fields {
  const { $schema: _, ...rest } = snippet;
  const [servers] = Object.values(rest) as Record<string, Fields>[];
  return servers?.['quickscrape'] ?? {};
}
