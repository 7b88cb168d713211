import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { type CommandContext, exitWhenDetached } from '../context/context.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { reportError } from '../context/report-error.ts';
import { integerParser } from '../flags/flag-values.ts';

interface Options {
  write?: string;
  every?: number;
}

/** Prometheus and what it starts run as other users. */
const FILE_MODE = 0o644;

export function metricsCommand(): Command {
  const command = leafCommand('metrics', {
    overSsh: true,
    description:
      'Print figures of the home and its jobs as OpenMetrics, for Prometheus and what reads its format. With --write it says nothing when it worked, for cron.',
    json: 'get_metrics: { metrics }: each with name, type, unit, help, samples; with --write { file, bytes }',
    examples: [
      ['metrics', 'all figures, each with what it is'],
      [
        'metrics --write /var/lib/node_exporter/textfile/quickscrape.prom --every 15',
        'for the textfile collector of node_exporter, until Ctrl-C',
      ],
    ],
  })
    .option('--write <file>', 'replace this file, whose name ends in .prom, instead of printing')
    .option('--every <seconds>', 'with --write: again and again, until Ctrl-C', integerParser(1, 86_400));
  return onCommand<[], Options>(command, async (context, _args, { write, every }) => {
    if (write === undefined) {
      if (every !== undefined) throw everyWithoutWrite(context);
      return printMetrics(context);
    }
    if (!write.endsWith('.prom')) throw notProm(write);
    const file = resolve(write);
    if (every === undefined) {
      const bytes = await writeMetrics(context, file);
      await context.print({ file, bytes }, () => '');
      return EXIT.done;
    }
    if (!context.isRemote) await context.workspace();
    await exitWhenDetached(context);
    return repeat(context, file, every);
  });
}

async function printMetrics(context: CommandContext): Promise<number> {
  const answer = await context.invoke('get_metrics', {});
  await context.print(answer, async () => {
    const { formatMetrics } = await import('../render/format-metrics.ts');
    return formatMetrics(answer.metrics);
  });
  return EXIT.done;
}

/** Replaces the file. @returns its size */
async function writeMetrics(context: CommandContext, file: string): Promise<number> {
  const [{ formatMetrics }, { writeFileDurably }] = await Promise.all([
    import('../render/format-metrics.ts'),
    import('../../core/fs/atomic-file.ts'),
  ]);
  const text = formatMetrics((await context.invoke('get_metrics', {})).metrics);
  // After a power loss the next figures are as good.
  await writeFileDurably(file, text, { mode: FILE_MODE, sync: false });
  return Buffer.byteLength(text);
}

/** Replaces the file until a signal comes, which ends it as a success. A failure is reported, and the next interval tries again. */
async function repeat(context: CommandContext, file: string, seconds: number): Promise<number> {
  const { signal } = context.interrupt;
  let lastFailure: string | undefined;
  while (!signal.aborted) {
    const began = performance.now();
    try {
      await writeMetrics(context, file);
      if (lastFailure !== undefined) context.printMessage(`${file} is written again`);
      lastFailure = undefined;
    } catch (error) {
      if (!(error instanceof QuickscrapeError)) throw error;
      if (context.isRemote && (await context.isInterrupted())) break;
      // A disk that stays full is reported once.
      if (error.message !== lastFailure)
        reportError(error, { json: false, ...context.globals, home: context.globals.homeArgument });
      lastFailure = error.message;
    }
    const left = Math.max(0, seconds * 1000 - (performance.now() - began));
    await delay(left, undefined, { signal }).catch(() => {});
  }
  return EXIT.done;
}

function everyWithoutWrite(context: CommandContext): QuickscrapeError {
  return new QuickscrapeError('invalid_params', '--every goes with --write', {
    field: 'every',
    hint: `Name a file: ${context.command('metrics --write quickscrape.prom --every 15')}`,
  });
}

function notProm(file: string): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_params',
    `the name of the file must end in .prom, and ${file} does not`,
    {
      field: 'write',
      hint: 'node_exporter reads no other files. For another program, print the figures and redirect them.',
    },
  );
}
