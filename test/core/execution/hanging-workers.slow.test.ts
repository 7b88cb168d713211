import { expect } from 'vitest';
import { it } from '../../extend.ts';
import { listWorkers } from '../../list-workers.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';

it.skipIf(process.platform !== 'linux')(
  'a scheduler that stops ends its idle workers, also one that hangs',
  async ({ homeWithJob }) => {
    const schedule = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };
    const home = await homeWithJob({ schedule });
    const scheduler = await home.startScheduler();
    const { process: worker } = await home.runThat(['succeeded']);
    await home.disableJob();
    sendSignal(worker, 'SIGSTOP');
    expect(listWorkers(home.workspace).map(({ pid }) => pid)).toContain(worker?.pid);
    await scheduler.kill('SIGTERM');
    await waitFor('all workers to end', () => listWorkers(home.workspace).length === 0);
  },
);
