import { expect } from 'vitest';
import { it } from '../extend.ts';
import { canFakeTime, FakedTime } from '../faked-time.ts';
import { gatedConfig } from '../gated-site.ts';
import { quickscrape } from '../program.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { waitFor } from '../wait-for.ts';

const HOUR = 3_600_000;

it.skipIf(!canFakeTime)(
  'a run that no scheduler looks after keeps its time when the machine sleeps (needs libfaketime: apt install faketime)',
  async ({ home, site }) => {
    const time = new FakedTime(home, '2026-12-01T12:00:00Z');
    const workspace = openTempWorkspace({ home, clock: time });
    site.hold();
    await workspace.configs.write('source', gatedConfig(site.url));
    const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
    const fields = { config_name: 'source', schedule, timeout: 600 };
    await workspace.jobs.create({ id: 'mine', fields }, 'library');
    const waiting = quickscrape(['job', 'run', 'mine'], { home, env: time.env });
    await waitFor('the page to be asked for', () => site.hits() > 0);
    const run = () => workspace.runs.list({ jobId: 'mine' }).runs[0];
    time.step(2 * HOUR);
    await waitFor('its time limit to follow', () => (run()?.deadline ?? 0) > time.now());
    const left = (run()?.deadline ?? 0) - time.now();
    expect(left).toBeGreaterThan(500_000);
    expect(left).toBeLessThan(602_000);
    time.step(-3 * HOUR);
    await waitFor('its time limit to follow back', () => (run()?.deadline ?? 0) < time.now() + 602_000);
    site.open();
    expect(await waiting).toMatchObject({ code: 0 });
    expect(run()?.status).toBe('succeeded');
  },
);
