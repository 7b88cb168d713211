import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { makeProcessTempFolder } from '../../core/process/process-temp-folder.ts';
import { NO_PROCESS_TREE, PROCESS_TREE_VARIABLE } from '../../core/process/process-tree.ts';
import type { ScrapeError } from '../lib/scrape-error.ts';
import { browserError, withTimeout } from './browser-error.ts';

/**
 * Reads until nobody is left to write: then this process is gone, however it ended. A process that is being killed may
 * still put a file into the folder while that is removed.
 */
const WATCH_SCRIPT = `cat >/dev/null 2>&1; kill -9 -- "-$1" 2>/dev/null
for again in 1 2 3 4 5 6 7 8; do rm -rf -- "$2" 2>/dev/null; [ -e "$2" ] || exit 0; sleep 1; kill -9 -- "-$1" 2>/dev/null; done`;

/**
 * Sees to it that a browser ends and its folder goes also when this process is killed: a shell holds the other end of
 * a pipe. A browser ends by itself when its own pipe breaks, but not one that hangs.
 * @param group the browser's process group
 * @returns what calls that off, once the browser is closed
 */
function killOnExit(group: number, folder: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const shell = spawn('/bin/sh', ['-c', WATCH_SCRIPT, 'sh', String(group), folder], {
    cwd: '/',
    // Whoever ends the run's processes leaves this one to its work.
    detached: true,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', [PROCESS_TREE_VARIABLE]: NO_PROCESS_TREE },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  (shell.stdin as { unref?(): void }).unref?.();
  return () => void shell.kill('SIGKILL');
}

/**
 * A browser without a network. All of its requests are answered by our own fetcher (page-network.ts); what tries to get
 * out in another way, such as WebSockets, WebRTC or the browser's own calls home, finds a proxy that does not exist,
 * reached by a resolver that knows no name.
 */
const NO_NETWORK_SWITCHES = [
  '--proxy-server=http://no-network.invalid:1',
  '--proxy-bypass-list=<-loopback>',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--no-pings',
  '--disable-domain-reliability',
  '--disable-crash-reporter',
];

/** What nobody sees or hears. */
const HEADLESS_SWITCHES = [
  '--blink-settings=imagesEnabled=false',
  '--disable-remote-fonts',
  '--mute-audio',
  '--disable-gpu',
];

/** A script that fills its memory ends its own page. */
const LIMITS = ['--js-flags=--max-old-space-size=1024'];

/** What a browser needs of the environment; the rest may hold secrets. */
const PASSED_VARIABLES =
  /^(?:PATH|HOME|LANG|LANGUAGE|LC_\w+|TZ|USER|LOGNAME|LD_LIBRARY_PATH|FONTCONFIG_\w+|SYSTEMROOT|WINDIR|LOCALAPPDATA|APPDATA|USERPROFILE|SNAP\w*|XDG_RUNTIME_DIR)$/;

/** How Chromium is started. @param folder where all that it writes goes */
function launchOptions(executablePath: string, userAgent: string, folder: string, sandbox: boolean) {
  return {
    executablePath,
    headless: true,
    chromiumSandbox: sandbox,
    // This process has its own ways to end.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    userAgent,
    serviceWorkers: 'block' as const,
    acceptDownloads: false,
    artifactsDir: join(folder, 'artifacts'),
    args: [...NO_NETWORK_SWITCHES, ...HEADLESS_SWITCHES, ...LIMITS],
    env: browserEnvironment(folder),
  };
}

function browserEnvironment(folder: string): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && (PASSED_VARIABLES.test(name) || name === PROCESS_TREE_VARIABLE)
      ? [[name, value]]
      : [],
  );
  return {
    ...Object.fromEntries(kept),
    TMPDIR: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_CACHE_HOME: join(folder, 'cache'),
  };
}

/** A slow disk and a busy machine included, in milliseconds. */
const LAUNCH_LIMIT_MS = 60_000;
/** How long it may take to close itself before it is ended. */
const CLOSE_LIMIT_MS = 2_000;
const SANDBOX_UNAVAILABLE = /no usable sandbox|--no-sandbox|SUID sandbox|unprivileged user namespaces/i;

interface LaunchRequest {
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
