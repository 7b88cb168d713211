import { waitForRun } from '../../core/execution/request-run.ts';
import { formatDuration } from '../../core/lib/format-duration.ts';
import { pluralize } from '../../core/lib/pluralize.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import type { CommandContext } from '../context/context.ts';
import { EXIT } from '../context/exit-codes.ts';
import { itemTable } from '../render/item-table.ts';
import { ProgressDisplay } from '../render/progress-display.ts';

const SAMPLE_ITEMS = 5;

/** Runs a job once, as a process of its own like any run, and shows what it found and where it lies. */
export async function demoOnce(context: CommandContext, jobId: string): Promise<number> {
  const workspace = await context.workspace();
  const { signal } = context.interrupt;
  const started = await context.call('run_job', { job_id: jobId });
  const display = new ProgressDisplay(context.err, jobId);
  let ended: RunRecord;
  try {
    ended = await waitForRun(workspace, started.run.run_id, {
      signal,
      onChange: (run) => display.update(run),
    });
  } finally {
    display.stop();
  }
  if (signal.aborted) {
    await context.call('cancel_run', { run_id: ended.runId });
    return context.interrupt.code ?? EXIT.interrupted;
  }
  const { run, sample, log_tail } = await context.call('get_run', {
    run_id: ended.runId,
    sample_items: SAMPLE_ITEMS,
  });
  await context.print({ home: workspace.paths.home, run, sample }, () => {
    const counts = `${pluralize(run.items, 'item')} from ${pluralize(run.pages, 'page')} in ${formatDuration(run.duration_ms)}`;
    return [
      ...(sample.length > 0 ? [itemTable(sample, context.out), ''] : []),
      `${context.out.colors.green(run.status)} ${counts}`,
      sanitizeText(run.output_path ?? 'no file'),
    ].join('\n');
  });
  if (run.status === 'succeeded') return EXIT.done;
  for (const line of log_tail) context.printMessage(sanitizeText(line));
  return EXIT.failed;
}
