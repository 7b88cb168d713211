import type { Command } from 'commander';
import { whyNoDashboard } from '../../tui/open-dashboard.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { integerParser } from '../flags/flag-values.ts';
import { SCREEN_READER_FLAG, showForScreenReader } from '../flags/screen-reader.ts';

interface DemoFlags {
  once?: boolean;
  serve?: boolean;
  port?: number;
  screenReader?: boolean;
}

export function demoCommand(): Command {
  const command = leafCommand('demo', {
    description:
      'Show a demo on a bookshop of 1,000 books that runs on this machine. It has ten jobs with thirty invented days behind them, one of which fails, the scheduler and the dashboard. In a temporary folder unless --home is given.',
    json: 'with --once { home, run, sample }: the run and its first rows; with --serve { url, port }; else nothing',
    examples: [
      ['demo', 'watch jobs run in the dashboard; q leaves it and stops everything'],
      ['demo --once', 'one run, its first rows and its file'],
      ['demo --serve', 'only the bookshop, for a configuration of your own; Ctrl-C closes it'],
    ],
  })
    .option('--once', 'run one job and end (also when there is no terminal)')
    .option('--serve', 'keep the bookshop open, and nothing else')
    .option(
      '--port <number>',
      'port of the bookshop, with --serve (default: 4747, or a free one when that is taken)',
      integerParser(1, 65_535),
    )
    .option(...SCREEN_READER_FLAG);
  return onCommand<[], DemoFlags>(command, async (context, _args, { once, serve, port, screenReader }) => {
    if (screenReader) showForScreenReader();
    if (once && serve) throw await invalidFlags('once', '--once and --serve exclude each other');
    if (port !== undefined && !serve) throw await invalidFlags('port', '--port goes with --serve');
    if (serve) {
      const { serveShop } = await import('../demo/demo-shop.ts');
      return serveShop(context, port);
    }
    const { runDemo } = await import('../demo/run-demo.ts');
    return runDemo(context, once === true || whyNoDashboard() !== undefined);
  });
}

async function invalidFlags(field: string, message: string): Promise<Error> {
  const { QuickscrapeError } = await import('../../core/lib/errors.ts');
  return new QuickscrapeError('invalid_params', message, { field });
}
