import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBookshop } from '../../src/sandbox/bookshop.ts';
import { PseudoTerminal } from '../../test/tui/pseudo-terminal.ts';
import { makeHome } from './made-up-home.ts';
import { FAILED_JOB, LIVE_JOB } from './made-up-jobs.ts';
import { takeReportPicture } from './take-report-picture.ts';

const ESC = '\u001b';
const CTRL_C = '\u0003';

/** Selects a job by the filter, which is taken away again. */
async function goTo(terminal: PseudoTerminal, id: string): Promise<void> {
  terminal.send(`/id:${id}\r`);
  await terminal.waitFor('Jobs 1/1 of');
  await back(terminal);
}

/** Esc alone: together with the next key it would be another one. */
async function back(terminal: PseudoTerminal): Promise<void> {
  terminal.send(ESC);
  await terminal.waitFor(/^Jobs \d+\/24 /);
}

/** @param root the folder of the project, with the built program in `dist` */
async function takePictures(root: string): Promise<void> {
  const program = join(root, 'dist', 'cli.js');
  const pictures = join(root, 'docs', 'pictures');
  mkdirSync(pictures, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-pictures-'));
  const home = join(folder, '.quickscrape');
  const shop = await startBookshop();
  await makeHome(home, shop.url);
  const scheduler = spawn(process.execPath, [program, 'scheduler', 'run', '--home', home], {
    stdio: 'ignore',
  });
  const open = (columns: number, rows: number) => {
    const env = { HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, TZ: process.env['TZ'] };
    return new PseudoTerminal(process.execPath, [program, 'tui', '--home', home], {
      columns,
      rows,
      env,
      background: 'dark',
    });
  };
  const taken = async (terminal: PseudoTerminal, name: string) => {
    await terminal.picture(join(pictures, `${name}.png`));
    console.log(`${name}.png`);
  };
  const wide = open(160, 36);
  try {
    await wide.waitFor(/scheduler on/);
    const args = [program, 'job', 'run', LIVE_JOB, '--background', '--home', home];
    spawnSync(process.execPath, args, { stdio: 'ignore' });

    await goTo(wide, FAILED_JOB);
    await wide.waitFor(/▌.*competitor-prices[\s\S]*Next runs/);
    await wide.waitFor(/● running[^│\n]* [12]\d pages/);
    await taken(wide, 'jobs');

    await goTo(wide, LIVE_JOB);
    wide.send('l');
    await wide.waitFor(/log of[\s\S]* pages\/min/);
    await taken(wide, 'log');
    await back(wide);

    wide.send('T');
    await wide.waitFor(/at once.*[▁▂▃▄▅▆▇█]/);
    await taken(wide, 'timeline');
    await back(wide);

    await goTo(wide, 'news-morning');
    wide.send('e');
    await wide.waitFor(/^Edit [\s\S]*every weekday/);
    // Down to the cron expression, and Saturday as well.
    wide.send(`${`${ESC}[B`.repeat(5)}\u007f6`);
    await wide.waitFor('Sat 28 Nov');
    await taken(wide, 'form');
    wide.send(CTRL_C);
    await wide.exited;

    const narrow = open(60, 20);
    await narrow.waitFor(/Jobs \d/);
    await narrow.waitFor('news-morning');
    await taken(narrow, 'narrow');
    await narrow.close();

    await takeReportPicture(program, home, join(pictures, 'report.png'));
    console.log('report.png');
  } catch (error) {
    console.error(await wide.text());
    throw error;
  } finally {
    await wide.close();
    scheduler.kill('SIGTERM');
    await once(scheduler, 'exit');
    await shop.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

await takePictures(process.argv[2] ?? '.');
