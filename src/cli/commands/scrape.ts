import { type Command, Option } from 'commander';
import { OUTPUT_FORMATS } from '../../core/model/output-format.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import {
  collectParams,
  integerParser,
  parseFilePath,
  parseOutputFormat,
  parseSeconds,
} from '../flags/flag-values.ts';
import type { ScrapeFlags } from './scrape-now.ts';

export function scrapeCommand(): Command {
  const command = leafCommand('scrape <config|file>', {
    description:
      'Run a configuration now, without a job. It is named, or given as a file, which needs no home. Output is written atomically; Ctrl-C leaves no partial file.',
    json: '{ items, pages, bytes, output_path, output_format, warnings, sample? }: sample holds the rows of --sample',
    examples: [
      ['scrape books --sample 5', 'print five rows, write nothing'],
      ['scrape ./books.yaml --max-pages 2 --output-path books.json', 'two pages into a file here'],
    ],
  })
    .addOption(
      new Option('--output-format <format>', 'over the configuration’s')
        .choices(OUTPUT_FORMATS)
        .argParser(parseOutputFormat),
    )
    .option(
      '--output-path <path>',
      'file to write, from this folder; its ending decides the format (the configuration’s own path lies in output/ of the home, or here without one)',
      parseFilePath,
    )
    .option(
      '--param <name=value>',
      'a value for a parameter that the configuration declares; give it several times for several',
      collectParams,
    )
    .option('--max-pages <n>', 'stop after this many pages', integerParser(1))
    .option('--sample <n>', 'stop after this many items, print them, write nothing', integerParser(1, 10_000))
    .option('--delay <seconds>', 'between two requests, over the configuration’s', parseSeconds)
    .option(
      '--timeout <seconds>',
      'that one request may take (default: the setting request_timeout)',
      parseSeconds,
    )
    .option('--user-agent <text>', 'over the configuration’s')
    .addOption(
      new Option(
        '--backend <backend>',
        'how pages are fetched, over the configuration’s; browser runs their scripts',
      ).choices(['auto', 'requests', 'cloudscraper', 'browser', 'playwright', 'http']),
    )
    .option('--verbose', 'say what is fetched')
    .option('--quiet', 'no progress and no warnings');
  return onCommand<[string], ScrapeFlags>(command, async (context, [source], flags) => {
    const { scrapeNow } = await import('./scrape-now.ts');
    return scrapeNow(context, source, flags);
  });
}
