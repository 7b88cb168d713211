import { setTimeout as delay } from 'node:timers/promises';
import { isActive } from '../../../src/core/model/run-record.ts';
import { it } from '../../extend.ts';
import { listWorkers } from '../../list-workers.ts';
import { lacks } from '../../platform.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';

it.skipIf(lacks('linux'))(
  'a scheduler that stops ends its idle workers, also one that hangs',
  async ({ homeWithJob }) => {
    const schedule = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };
    const home = await homeWithJob({ schedule });
    const scheduler = await home.startScheduler();
    await home.runThat(['succeeded']);
    await home.disableJob();
    await waitFor('the runs to end', () => home.runs().every(({ status }) => !isActive(status)));
    // It reports that it is free some milliseconds after the outcome.
    await delay(1_000);
    const [hanging] = listWorkers(home.workspace);
    sendSignal(hanging, 'SIGSTOP');
    await scheduler.kill('SIGTERM');
    await waitFor('all workers to end', () => listWorkers(home.workspace).length === 0);
  },
);
