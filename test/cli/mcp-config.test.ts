import { isAbsolute, join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { it } from '../extend.ts';
import { PROGRAM, quickscrape } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

const FLAGS = [
  '--read-only',
  '--allow-trials',
  '--allow-private-hosts',
  'nas.lan',
  '10.0.0.5:81',
  '[::1]:80',
  '--output-dir',
  'shared',
];

async function printed(client: string, flags: string[] = []) {
  const home = tempFolder();
  const args = ['mcp', ...flags, '--home', home, '--print-config', client];
  const said = await quickscrape(args, { home: join(home, 'unused'), cwd: home });
  expect(said.code).toBe(0);
  return { ...said, home };
}

it.each([
  ['claude', 'mcpServers'],
  ['cursor', 'mcpServers'],
  ['vscode', 'servers'],
  ['zed', 'context_servers'],
])('prints what %s needs to start the server, with the flags given', async (client, key) => {
  const { stdout, stderr, home } = await printed(client, FLAGS);
  const { command, args } = JSON.parse(stdout)[key].quickscrape;
  expect(command).toBe(process.execPath);
  expect(args).toEqual([
    PROGRAM,
    'mcp',
    '--home',
    home,
    '--read-only',
    '--allow-trials',
    '--allow-private-hosts',
    'nas.lan',
    '10.0.0.5:81',
    '[::1]:80',
    '--output-dir',
    join(home, 'shared'),
  ]);
  expect(isAbsolute(args[0])).toBe(true);
  expect(stderr).toMatch(/\.json/);
});

it('names the home that the environment names', async ({ home }) => {
  const { stdout } = await quickscrape(['mcp', '--print-config', 'claude'], { home });
  expect(JSON.parse(stdout).mcpServers.quickscrape.args).toEqual([PROGRAM, 'mcp', '--home', home]);
});

it('prints TOML for codex', async () => {
  const { stdout, home } = await printed('codex');
  const lines = stdout.trim().split('\n');
  expect(lines[0]).toBe('[mcp_servers.quickscrape]');
  // A basic string and an array of them are the same in TOML and in YAML.
  const fields = parse(lines.slice(1).join('\n').replaceAll(' = ', ': '));
  expect(fields).toEqual({ command: process.execPath, args: [PROGRAM, 'mcp', '--home', home] });
});

it('refuses a client that it does not know, naming those that it does', async ({ home }) => {
  const { code, stderr, stdout } = await quickscrape(['mcp', '--print-config', 'emacs'], { home });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('claude, cursor, vscode, zed, codex');
});
