import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { testConfigText } from '../../../src/core/configs/scraper-client.ts';
import type { TestResponse } from '../../../src/core/configs/scraper-protocol.ts';
import { requestRun, waitForRun } from '../../../src/core/execution/request-run.ts';
import type { RunRecord } from '../../../src/core/model/run-record.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { preload } from '../../preload.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

/** What became of a run, and of its process. */
export interface Measured {
  run: RunRecord;
  items: Record<string, unknown>[];
  log: string;
  /** The most memory that the process has had, in MB. */
  peakMb: number;
}

const SCHEDULE = { type: 'daily', time: '09:00', timezone: 'UTC' } as const;

/** Carries a configuration out in a process of its own. @param settings lines of `settings.yaml` */
export async function measuredRun(yaml: string, settings = ''): Promise<Measured> {
  const { home, peaks } = measuredHome(settings);
  const workspace = openWorkspace({ home, actor: 'library' });
  onTestFinished(() => workspace.close());
  await workspace.configs.write('site', yaml);
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'site', schedule: SCHEDULE } }, 'library');
  const { runId } = await requestRun(workspace, 'mine');
  const run = await waitForRun(workspace, runId);
  const files = runFiles(workspace.paths, 'mine', runId);
  const items = readFileSync(files.items, 'utf8').split('\n').filter(Boolean);
  return {
    run,
    items: items.map((line) => JSON.parse(line)),
    log: readFileSync(files.log, 'utf8'),
    peakMb: await peakOf('worker.js', peaks),
  };
}

/** Tries a configuration out, as `test_config` does. */
export async function measuredTestRun(yaml: string): Promise<{ answer: TestResponse; peakMb: number }> {
  const { home, peaks } = measuredHome();
  const answer = await testConfigText({ yaml, name: 'site', home, max_pages: 3, sample_items: 100 });
  return { answer, peakMb: await peakOf('config.js', peaks) };
}

function measuredHome(settings = ''): { home: string; peaks: string } {
  const peaks = tempFolder();
  const home = tempFolder();
  writeFileSync(join(home, 'settings.yaml'), settings);
  for (const [name, value] of Object.entries(preload('peak', peaks))) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return { home, peaks };
}

/** What the program wrote down as it ended (test/fixtures/preload/peak.js). */
async function peakOf(program: string, folder: string): Promise<number> {
  const file = await waitFor('the program to end', () =>
    readdirSync(folder).find((name) => name.startsWith(program)),
  );
  return (await waitFor('its peak', () => Number(readFileSync(join(folder, file), 'utf8')))) / 1000;
}
