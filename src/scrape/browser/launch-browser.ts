import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { MINUTE_MS } from '../../core/lib/clock.ts';
import { killOnExit, killProcessGroup } from '../../core/process/kill-on-exit.ts';
import { isRoot } from '../../core/process/platform.ts';
import { makeProcessTempFolder } from '../../core/process/process-temp-folder.ts';
import { PROCESS_TREE_VARIABLE } from '../../core/process/process-tree.ts';
import type { ScrapeError } from '../lib/scrape-error.ts';
import { browserError, withTimeout } from './browser-error.ts';

/**
 * Isolates the browser from the network. The program's own fetcher answers all of its requests (page-network.ts). Other
 * connections, such as WebSockets, WebRTC or the browser's requests to its vendor, fail. Their proxy does not exist,
 * and the resolver resolves no name.
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

/** Output that is never seen or heard. */
const HEADLESS_SWITCHES = [
  '--blink-settings=imagesEnabled=false',
  '--disable-remote-fonts',
  '--mute-audio',
  '--disable-gpu',
];

/** A script that exhausts its memory ends only its own page. */
const LIMITS = ['--js-flags=--max-old-space-size=1024'];

/** The environment variables that a browser needs. The others may contain secrets. */
const PASSED_VARIABLES =
  /^(?:PATH|HOME|LANG|LANGUAGE|LC_\w+|TZ|USER|LOGNAME|LD_LIBRARY_PATH|FONTCONFIG_\w+|SYSTEMROOT|WINDIR|LOCALAPPDATA|APPDATA|USERPROFILE|SNAP\w*|XDG_RUNTIME_DIR)$/;

/**
 * The options that start Chromium.
 * @param folder for all files that it writes
 */
function launchOptions(executablePath: string, userAgent: string, folder: string, sandbox: boolean) {
  return {
    executablePath,
    headless: true,
    chromiumSandbox: sandbox,
    // This process handles signals itself.
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

/**
 * The longest path of the browser's folder. It makes `org.chromium.Chromium.XXXXXX/SingletonSocket` there, and the path
 * of a socket has at most 103 bytes (`sun_path` of macOS; Linux: 107).
 */
const MAX_FOLDER_BYTES = 56;

/** Includes a slow disk and a busy machine. In milliseconds. */
const LAUNCH_LIMIT_MS = MINUTE_MS;
/** How long the browser may take to close before it is killed, in milliseconds. */
const CLOSE_LIMIT_MS = 2_000;
const SANDBOX_UNAVAILABLE = /no usable sandbox|--no-sandbox|SUID sandbox|unprivileged user namespaces/i;

interface LaunchRequest {
  /** The executable. */
  path: string;
  userAgent: string;
  signal: AbortSignal;
  log(level: 'info' | 'warn', message: string): void;
}

/** A running browser. */
export interface RunningBrowser {
  context: BrowserContext;
  /** The process id of its main process, which leads the process group. */
  pid: number;
  /** Ends the browser and removes its files. Never throws. */
  close(): Promise<void>;
}

/**
 * Starts Chromium with a new profile.
 * @throws ScrapeError `browser`, `cancelled`
 */
export async function launchBrowser(request: LaunchRequest): Promise<RunningBrowser> {
  if (isRoot()) return launch(request, 'a browser that root starts cannot have one');
  try {
    return await launch(request);
  } catch (error) {
    const cause = (error as ScrapeError).cause;
    if (!(cause instanceof Error) || !SANDBOX_UNAVAILABLE.test(cause.message)) throw error;
    return launch(request, 'this system does not allow users to create namespaces');
  }
}

/** @param reason why the browser has no sandbox; omitted if it has one */
async function launch(request: LaunchRequest, reason?: string): Promise<RunningBrowser> {
  const { path, userAgent, signal, log } = request;
  const folder = makeProcessTempFolder('quickscrape-browser-', MAX_FOLDER_BYTES);
  try {
    const { chromium } = await import('playwright-core');
    const options = launchOptions(path, userAgent, folder, reason === undefined);
    for (const part of [options.artifactsDir, options.env['XDG_CONFIG_HOME'], options.env['XDG_CACHE_HOME']])
      if (part !== undefined) mkdirSync(part, { recursive: true });
    const late = () => browserError(`${path} did not start within ${LAUNCH_LIMIT_MS / 1000} s`);
    const starting = chromium.launchPersistentContext(join(folder, 'profile'), options);
    // A browser that starts after the run was cancelled is closed.
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
  if (browser === null) throw new Error('it does not report its version');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pid = processInfo.find(({ type }) => type === 'browser')?.id ?? 0;
  if (pid <= 1) throw new Error('it does not report its process');
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
