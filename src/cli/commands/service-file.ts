/** The command for a service manager, and the log file for launchd. */
export interface Service {
  argv: readonly string[];
  log: string;
}

/** The text of a service file: a systemd unit or a launchd property list. */
export function serviceFile(kind: 'systemd' | 'launchd', service: Service): string {
  return kind === 'systemd' ? systemdUnit(service) : launchdList(service);
}

/**
 * The systemd unit of a worker on another machine.
 * @param argv the command that starts it
 * @param passwordFile an absolute path: a variable in the environment could be read by other processes
 */
export function workerServiceFile(argv: readonly string[], passwordFile: string): string {
  return `[Unit]
Description=QuickScrape Jobs worker
After=network-online.target

[Service]
ExecStart=${argv.map(quoteSystemdArg).join(' ')} --redis-password-file \${CREDENTIALS_DIRECTORY}/redis-password
# The password of Redis, readable by root alone; an empty file if it has none. systemd passes it to this service only.
LoadCredential=redis-password:${passwordFile.replaceAll('%', '%%')}
Restart=on-failure
RestartSec=5
# The home refuses this version: another start would not help.
RestartPreventExitStatus=3
# A stop drains the worker: it takes nothing more and ends after its runs.
KillMode=mixed
TimeoutStopSec=infinity

[Install]
WantedBy=multi-user.target
`;
}

function systemdUnit({ argv }: Service): string {
  return `[Unit]
Description=QuickScrape Jobs scheduler
After=network-online.target

[Service]
ExecStart=${argv.map(quoteSystemdArg).join(' ')}
Restart=on-failure
RestartSec=5
# Only the scheduler is asked to stop. It waits for its runs, whose workers are processes of their own.
KillMode=process
TimeoutStopSec=infinity

[Install]
WantedBy=default.target
`;
}

/** systemd expands % and $ itself, and reads backslashes inside double quotes. */
function quoteSystemdArg(word: string): string {
  const escaped = word.replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return `"${escaped}"`;
}

function launchdList({ argv, log }: Service): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>dev.quickscrape.scheduler</string>
  <key>ProgramArguments</key>
  <array>
${argv.map((word) => `    <string>${xmlText(word)}</string>`).join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>AbandonProcessGroup</key>
  <true/>
  <key>StandardErrorPath</key>
  <string>${xmlText(log)}</string>
</dict>
</plist>
`;
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
