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
