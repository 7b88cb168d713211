import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { claudePluginFiles } from '../../build/docs/claude-plugin.ts';
import { OPERATION_NAMES } from '../../src/core/operations/operations.ts';
import { PROMPTS } from '../../src/rpc/mcp/prompts.ts';

const PLUGIN = 'plugins/claude-code';
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const files = claudePluginFiles(manifest);
const skills = readdirSync(`${PLUGIN}/skills`);

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

it.each(Object.keys(files))('%s says what the sources say', (path) => {
  expect(readFileSync(path, 'utf8'), `${path} is behind the sources: npm run docs`).toBe(files[path]);
});

it('there is a skill for each prompt of the server, and no other', () => {
  const names = Object.keys(PROMPTS).map((prompt) => prompt.replaceAll('_', '-'));
  expect(skills.sort()).toEqual(names.sort());
});

describe.each(skills)('the skill %s', (folder) => {
  const text = readFileSync(`${PLUGIN}/skills/${folder}/SKILL.md`, 'utf8');
  const [, head = '', body = ''] = text.split('---\n');

  // The rules of agentskills.io, and that Claude Code knows.
  it('has a head that assistants accept', () => {
    const { name, description, ...rest } = parse(head);
    expect(name).toBe(folder);
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(name.length).toBeLessThanOrEqual(64);
    expect(description.length).toBeLessThanOrEqual(1024);
    expect(description).toMatch(/Use it when .* QuickScrape Jobs/);
    expect(description).not.toMatch(/[<>]/);
    expect(Object.keys(rest)).toEqual(['argument-hint']);
  });

  it('names only tools that the server has, and only skills that there are', () => {
    const called = [...body.matchAll(/\b[Cc]all (\w+_\w+)/g)].map(([, tool]) => tool);
    expect(called.length).toBeGreaterThan(2);
    expect(called.filter((tool) => !OPERATION_NAMES.some((name) => name === tool))).toEqual([]);
    expect(body).not.toContain('the prompt ');
    const named = [...body.matchAll(/the skill ([\w-]+)/g)].map(([, skill]) => skill);
    expect(named.filter((skill) => !skills.includes(skill ?? ''))).toEqual([]);
  });

  it('takes what the person said', () => {
    expect(body).toContain('$ARGUMENTS');
  });
});

it('the marketplace names the plugin, in the folder where it is', () => {
  const [plugin] = readJson('.claude-plugin/marketplace.json').plugins;
  const { name, version } = readJson(`${plugin.source}/.claude-plugin/plugin.json`);
  expect([plugin.source, name]).toEqual([`./${PLUGIN}`, plugin.name]);
  expect([name, version]).toEqual([manifest.name, manifest.version]);
});

it('the plugin starts this package, and the language server that the tests know', () => {
  const { command, args } = readJson(`${PLUGIN}/.mcp.json`).mcpServers.quickscrape;
  expect([command, ...args]).toEqual(['npx', '-y', manifest.name, 'mcp']);
  const judge = readJson('test/conformance/package.json').devDependencies['yaml-language-server'];
  expect(readJson(`${PLUGIN}/.lsp.json`).yaml.args).toContain(`yaml-language-server@${judge}`);
});
