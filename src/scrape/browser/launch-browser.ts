import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { makeProcessTempFolder } from '../../core/process/process-temp-folder.ts';
import type { ScrapeError } from '../lib/scrape-error.ts';
import { browserError, withTimeout } from './browser-error.ts';
import { killOnExit } from './kill-on-exit.ts';
import { launchOptions } from './launch-options.ts';

/** A slow disk and a busy machine included, in milliseconds. */
const LAUNCH_LIMIT_MS = 60_000;
/** How long it may take to close itself before it is ended. */
const CLOSE_LIMIT_MS = 2_000;
const SANDBOX_UNAVAILABLE = /no usable sandbox|--no-sandbox|SUID sandbox|unprivileged user namespaces/i;

export interface LaunchRequest {
  /** The program. */
  path: string;
  userAgent: string;
  signal: AbortSignal;
  log(level: 'info' | 'warn', message: string): void;
}

/** A browser that runs. */
export interface RunningBrowser {
  context: BrowserContext;
  /** Of its main process, which leads the group of all. */
  pid: number;
  /** Ends it and removes what it wrote. Never throws. */
  close(): Promise<void>;
}

/** Starts Chromium with a profile of its own. @throws ScrapeError `browser`, `cancelled` */
export async function launchBrowser(request: LaunchRequest): Promise<RunningBrowser> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) return launch(request, 'as root it cannot have one');
  try {
    return await launch(request);
  } catch (error) {
    const cause = (error as ScrapeError).cause;
    if (!(cause instanceof Error) || !SANDBOX_UNAVAILABLE.test(cause.message)) throw error;
    return launch(request, 'this system lets users have no namespaces of their own');
  }
}

/** @param reason why it has no sandbox; without one it has */
async function launch(request: LaunchRequest, reason?: string): Promise<RunningBrowser> {
  const { path, userAgent, signal, log } = request;
  const folder = makeProcessTempFolder('quickscrape-browser-');
  try {
    const { chromium } = await import('playwright-core');
    const options = launchOptions(path, userAgent, folder, reason === undefined);
    for (const part of [options.artifactsDir, options.env['XDG_CONFIG_HOME'], options.env['XDG_CACHE_HOME']])
      if (part !== undefined) mkdirSync(part, { recursive: true });
    const late = () => browserError(`${path} did not start within ${LAUNCH_LIMIT_MS / 1000} s`);
    const starting = chromium.launchPersistentContext(join(folder, 'profile'), options);
    // One that comes after the run was cancelled is not wanted any more.
    signal.addEventListener(
      'abort',
      () =>
        void starting.then(
          (late) => late.close(),
          () => undefined,
        ),
      { once: true },
    );
    const context = await withTimeout(starting, LAUNCH_LIMIT_MS, signal, late);
    const { version, pid } = await getBrowserInfo(context);
    const cancelKillOnExit = killOnExit(pid, folder);
    log(
      reason === undefined ? 'info' : 'warn',
      `${version} (${path}) ${reason === undefined ? 'started' : `started without its sandbox: ${reason}`}`,
    );
    return { context, pid, close: () => close(context, pid, folder, cancelKillOnExit) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (error instanceof Error && error.name === 'ScrapeError') throw error;
    throw browserError(`${path} did not start`, error);
  }
}

async function getBrowserInfo(context: BrowserContext): Promise<{ version: string; pid: number }> {
  const browser = context.browser();
  if (browser === null) throw new Error('it does not say what it is');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pid = processInfo.find(({ type }) => type === 'browser')?.id ?? 0;
  if (pid <= 1) throw new Error('it does not say which process it is');
  return { version: `Chromium ${browser.version()}`, pid };
}

async function close(
  context: BrowserContext,
  pid: number,
  folder: string,
  cancelKillOnExit: () => void,
): Promise<void> {
  const closed = context.close().catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, CLOSE_LIMIT_MS, 'late');
  });
  if ((await Promise.race([closed, late])) === 'late') {
    killProcessGroup(pid);
    await closed;
  }
  clearTimeout(timer);
  // Its last processes may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  cancelKillOnExit();
}

/** Ends a browser where it stands. */
export function killProcessGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
