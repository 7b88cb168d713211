import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished } from 'vitest';
import { it } from '../../extend.ts';
import { PROGRAM } from '../../program.ts';

async function skillsOf(home: string, mode: 'legacy' | { pin: string }, flags: string[] = []) {
  const options: ClientOptions = { capabilities: {}, versionNegotiation: { mode } };
  const client = new Client({ name: 'reader of skills', version: '1.0' }, options);
  onTestFinished(() => client.close());
  const args = [PROGRAM, 'mcp', '--home', home, ...flags];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
  return { client, skills: new SkillsClient(client) };
}

// The client checks entries, digests and heads, as the specification wants it.
it.for(['legacy', { pin: '2026-07-28' }] as const)(
  'serves its skills to hosts that know the extension (%j)',
  async (mode, { home, workspace: _ }) => {
    const { client, skills } = await skillsOf(home, mode);
    expect(skills.supported).toBe(true);
    const { skills: listed, invalid } = await skills.list();
    expect(invalid).toEqual([]);
    expect(listed.map(({ uri }) => uri)).toEqual([
      'skill://schedule-scrape/SKILL.md',
      'skill://diagnose-failing-job/SKILL.md',
      'skill://repair-selectors/SKILL.md',
    ]);
    for (const entry of listed) {
      const { verified, frontmatter, body } = await skills.read(entry);
      expect(verified).toBe(true);
      expect(frontmatter?.['description']).toMatch(/Use it when .* QuickScrape Jobs/);
      expect(body).toMatch(/The tools are those of this server/);
      expect(body).not.toContain('$ARGUMENTS');
      expect((await skills.get(entry.uri)).skill).toEqual(entry);
    }
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(expect.arrayContaining(listed.map(({ uri }) => uri)));
    await expect(skills.get('skill://none/SKILL.md')).rejects.toThrow('no such skill: skill://none/SKILL.md');
    await expect(client.readResource({ uri: 'skill://none/SKILL.md' })).rejects.toThrow();
  },
);

it('a skill is served only with the tools that it needs, and names no other', async ({
  home,
  workspace: _,
}) => {
  const few = await skillsOf(home, 'legacy', ['--tools', 'get_job,list_runs,get_run']);
  const { skills: listed } = await few.skills.list();
  expect(listed.map(({ uri }) => uri)).toEqual(['skill://diagnose-failing-job/SKILL.md']);
  const { tools } = await few.client.listTools();
  const { body = '' } = await few.skills.read(listed[0] as (typeof listed)[number]);
  const called = [...body.matchAll(/\b[Cc]all (\w+_\w+)/g)].map(([, name]) => name);
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(called));
});
