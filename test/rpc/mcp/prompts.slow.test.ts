import { expect, it } from 'vitest';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { connect } from './mcp-clients.ts';

const GIVEN: Record<string, Record<string, string>> = {
  schedule_scrape: { config_name: 'books', when: 'daily at nine' },
  diagnose_failing_job: { job_id: 'books' },
  repair_selectors: { job_id: 'books' },
};

async function offered(...flags: string[]) {
  const home = tempFolder();
  openTempWorkspace({ home });
  const client = await connect('pinned', home, { flags });
  const prompts = Object.entries(GIVEN).map(async ([name, given]) => [
    name,
    await client.prompt(name, given),
  ]);
  const texts: Record<string, string> = Object.fromEntries(await Promise.all(prompts));
  return { tools: (await client.tools()).map(({ name }) => String(name)), texts };
}

it('a prompt asks for no tool that the server does not offer, and for no live trial that it refuses', async () => {
  const all = await offered();
  const named = (text: string) => all.tools.filter((tool) => text.includes(tool));
  expect(named(all.texts['repair_selectors'] ?? '')).toEqual(
    expect.arrayContaining(['test_config', 'save_config', 'run_job', 'compare_runs']),
  );
  expect(named(all.texts['schedule_scrape'] ?? '')).toContain('create_job');
  for (const flags of [['--read-only'], ['--read-only', '--allow-trials']]) {
    const { tools, texts } = await offered(...flags);
    expect(tools).not.toContain('save_config');
    for (const text of Object.values(texts)) expect(tools).toEqual(expect.arrayContaining(named(text)));
    const live = /call it once without run_id/.test(texts['repair_selectors'] ?? '');
    expect(live).toBe(flags.includes('--allow-trials'));
  }
  expect(all.texts['repair_selectors']).toMatch(/call it once without run_id/);
});

it('a prompt is offered only with the tools that it cannot do without', async () => {
  const promptsOf = async (tools: string) => {
    const client = await connect('pinned', tempFolder(), { flags: ['--tools', tools] });
    return (await client.prompts()).map(({ name }) => name);
  };
  expect(await promptsOf('list_jobs')).toEqual([]);
  expect(await promptsOf('get_job,list_runs,get_run')).toEqual(['diagnose_failing_job']);
});

it('instructions and descriptions name only tools that the server offers', async () => {
  const all = await connect('legacy', tempFolder());
  const names = (await all.tools()).map(({ name }) => String(name));
  const named = (text: unknown) => names.filter((name) => new RegExp(`\\b${name}\\b`).test(String(text)));
  expect(named(all.instructions())).toEqual(expect.arrayContaining(['create_job', 'start_scheduler']));
  for (const flags of [['--read-only'], ['--tools', 'list_jobs,get_run'], ['--exclude-tools', 'get_job']]) {
    const client = await connect('legacy', tempFolder(), { flags });
    const tools = await client.tools();
    const offered = tools.map(({ name }) => name);
    expect(offered).toEqual(expect.arrayContaining(named(client.instructions())));
    expect(client.instructions()).toMatch(/Answers begin with summary/);
    for (const { description } of tools) expect(offered).toEqual(expect.arrayContaining(named(description)));
  }
});

it('a tool that was not chosen is refused, with the flag that hides it', async () => {
  const client = await connect('legacy', tempFolder(), { flags: ['--toolsets', 'runs,read'] });
  await expect(client.call('create_job')).rejects.toThrow(/create_job is not served: .* with --toolsets/);
});
