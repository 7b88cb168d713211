import { describe, expect, it } from 'vitest';
import { gatedConfig, gatedSite } from '../../gated-site.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { hasConformanceTools } from './conformance-tools.ts';
import { ERAS, type Era, type Inspected, Inspector } from './inspector.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };

it('the Inspector is there in CI', () => {
  // npm ci --prefix test/conformance --ignore-scripts; .ci/run does it.
  expect(hasConformanceTools || !process.env['CI']).toBe(true);
});

describe.skipIf(!hasConformanceTools)(
  "the Inspector's command line (needs npm ci --prefix test/conformance)",
  () => {
    it('finds no fault with the schemas of the tools', async () => {
      const inspector = new Inspector(tempFolder(), 'auto', tempFolder());
      const { code, result } = await inspector.ask('tools/list', '--strict');
      expect(code).toBe(0);
      expect((result['tools'] as unknown[]).length).toBeGreaterThan(15);
    });

    it('does a whole session in each era of the protocol', async () => {
      const inspectors = await Promise.all(ERAS.map(onNewHome));
      const ended = await Promise.allSettled(inspectors.map(wholeSession));
      expect(
        ended.map((one, n) => [ERAS[n], one.status === 'rejected' ? String(one.reason) : 'done']),
      ).toEqual(ERAS.map((era) => [era, 'done']));
    });
  },
);

/** A home with a configuration that reads a site on loopback. */
async function onNewHome(era: Era): Promise<Inspector> {
  const home = tempFolder();
  const site = await gatedSite();
  const workspace = openTempWorkspace({ home });
  await workspace.configs.write('news', gatedConfig(site.url));
  return new Inspector(home, era, tempFolder());
}

async function wholeSession(inspector: Inspector): Promise<void> {
  const preview = good(await inspector.call('preview_schedule', { schedule: DAILY, count: 3 }));
  expect(preview['next_runs']).toHaveLength(3);
  const job = { job_id: 'daily-news', config_name: 'news', schedule: DAILY };
  const made = good<{ job: { revision: number } }>(await inspector.call('create_job', job));
  expect(made).toMatchObject({ created: true });

  const wanted = { job_id: 'daily-news', wait_seconds: 30 };
  const { run } = good<{ run: { run_id: string } }>(
    await inspector.call('run_job', wanted, '--tool-metadata', 'progressToken=watched'),
  );
  expect(run).toMatchObject({ status: 'succeeded', items: 1 });
  const progress = inspector.notifications().filter(({ method }) => method === 'notifications/progress');
  expect(progress).not.toEqual([]);
  for (const { params } of progress) expect(params).toMatchObject({ progressToken: 'watched' });
  const items = good(await inspector.call('get_run', { run_id: run.run_id }));
  expect(items).toMatchObject({ sample: [{ name: 'only row' }] });

  const change = { job_id: 'daily-news', if_revision: made.job.revision };
  good(await inspector.call('update_job', { ...change, changes: { description: 'by the Inspector' } }));
  const stale = await inspector.call('update_job', { ...change, changes: { description: 'too late' } });
  expect(stale).toMatchObject({ code: 5, data: { summary: expect.stringMatching(/^conflict: .*revision/) } });

  expect(good(await inspector.call('delete_job', { job_id: 'daily-news' }))).toMatchObject({ deleted: true });
  expect(good(await inspector.call('restore_job', { job_id: 'daily-news' }))).toMatchObject({
    job: { id: 'daily-news', description: 'by the Inspector' },
  });
}

function good<T = Record<string, unknown>>({ code, text, data }: Inspected): T {
  if (code !== 0) throw new Error(`exit ${code}: ${text}`);
  return data as T;
}
