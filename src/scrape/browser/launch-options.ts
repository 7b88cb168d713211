import { join } from 'node:path';
import { PROCESS_TREE_VARIABLE } from '../../core/process/process-tree.ts';

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
export function launchOptions(executablePath: string, userAgent: string, folder: string, sandbox: boolean) {
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
