import { sep } from 'node:path';

/** What a unit starts, and as whom. */
interface UnitService {
  argv: readonly string[];
  /** The user of a system service; undefined in the manager of a user, or for a user that systemd makes. */
  user: string | undefined;
  /** Absolute paths of the folders that it writes to. */
  writable: readonly string[];
}

export interface SchedulerUnit extends UnitService {
  isSystem: boolean;
}

export interface WorkerUnit extends UnitService {
  joinFile: string;
  passwordFile: string;
  /** The folder that systemd makes for it below /var/lib; undefined for one of its own. */
  stateFolder: string | undefined;
}

/**
 * Restrictions that need no rights, so that the manager of a user can set them too. The system calls are those of an
 * ordinary service, and what Chromium needs for its own sandbox: `chroot`, and namespaces of users, processes and
 * networks.
 */
const RESTRICTIONS = `NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=user pid net
SystemCallArchitectures=native
SystemCallFilter=@system-service chroot
SystemCallErrorNumber=EPERM`;

/** What only the manager of the system can set. */
const SYSTEM_RESTRICTIONS = `CapabilityBoundingSet=
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes`;

/** The unit of a scheduler, for the manager of its user or for that of the system. */
export function schedulerUnitFile(unit: SchedulerUnit): string {
  return unit.isSystem ? schedulerSystemUnit(unit) : schedulerUserUnit(unit);
}

function schedulerUserUnit({ argv }: SchedulerUnit): string {
  return `[Unit]
Description=QuickScrape Jobs scheduler

[Service]
${schedulerService(argv, 'infinity')}

# The commands of jobs (on_success and others) run under these restrictions too: none can gain rights, as sudo does.
# ProtectSystem= and its like would need a user namespace here, in which all files of root belong to nobody: ssh and
# others then refuse their own settings. \`scheduler unit systemd --system\` has them.
${RESTRICTIONS}

[Install]
WantedBy=default.target
`;
}

function schedulerSystemUnit({ argv, user, writable }: SchedulerUnit): string {
  return `[Unit]
Description=QuickScrape Jobs scheduler
Wants=network-online.target
After=network-online.target

[Service]
User=${user}
${schedulerService(argv, '10min')}

# The commands of jobs (on_success and others) run under these restrictions too: none can gain rights, as sudo does.
# Everything but these folders is read-only. For outputs elsewhere: systemctl edit, and there another ReadWritePaths=.
ReadWritePaths=${writable.map(quotePath).join(' ')}
${protectHome([...argv, ...writable])}
${SYSTEM_RESTRICTIONS}
${RESTRICTIONS}

[Install]
WantedBy=multi-user.target
`;
}

function schedulerService(argv: readonly string[], stopTimeout: string): string {
  return `Type=notify
# The scheduler says that it is ready by the program systemd-notify, which it starts.
NotifyAccess=all
ExecStart=${argv.map(quoteWord).join(' ')}
Restart=on-failure
RestartSec=5
# After an upgrade, the first start may convert a large history.
TimeoutStartSec=15min
# One that hangs is restarted. Its runs go on, and the next one adopts them.
WatchdogSec=5min
TimeoutAbortSec=30s
# Only the scheduler is asked to stop. It waits for its runs, whose workers are processes of their own.
KillMode=process
TimeoutStopSec=${stopTimeout}
# A browser that takes too much memory ends its run, and not the scheduler.
OOMPolicy=continue`;
}

/** The unit of a worker on another machine. */
export function workerUnitFile({
  argv,
  user,
  writable,
  joinFile,
  passwordFile,
  stateFolder,
}: WorkerUnit): string {
  const identity =
    user === undefined
      ? `# A user that exists only while the worker runs. A browser wants a home folder.\nDynamicUser=yes\nEnvironment=HOME=/var/lib/${stateFolder}`
      : `User=${user}`;
  const folders =
    stateFolder === undefined
      ? `ReadWritePaths=${writable.map(quotePath).join(' ')}`
      : `StateDirectory=${stateFolder}\nStateDirectoryMode=0700`;
  return `[Unit]
Description=QuickScrape Jobs worker
Wants=network-online.target
After=network-online.target

[Service]
${identity}
Type=notify
# The worker says that it is registered in Redis by the program systemd-notify, which it starts.
NotifyAccess=all
ExecStart=${argv.map(quoteWord).join(' ')} --join-file \${CREDENTIALS_DIRECTORY}/join --redis-password-file \${CREDENTIALS_DIRECTORY}/redis-password
# The invitation and the password of Redis, readable by root alone; an empty file if Redis has none. systemd passes them
# to this service only.
LoadCredential=join:${escapePercent(joinFile)}
LoadCredential=redis-password:${escapePercent(passwordFile)}
Restart=on-failure
RestartSec=5
# The home refuses this worker: another start would not help.
RestartPreventExitStatus=3
WatchdogSec=5min
TimeoutAbortSec=30s
# A stop drains the worker: it takes nothing more and ends after its runs.
KillMode=mixed
TimeoutStopSec=infinity
OOMPolicy=continue

# Everything but its folder is read-only.
${folders}
${protectHome([...argv, ...writable])}
PrivateUsers=yes
${SYSTEM_RESTRICTIONS}
${RESTRICTIONS}

[Install]
WantedBy=multi-user.target
`;
}

/** Homes of people are hidden, unless the program or what it writes lies there. */
function protectHome(paths: readonly string[]): string {
  const isAmongThem = paths.some((path) =>
    ['/home', '/root', '/run/user'].some((folder) => path.startsWith(folder + sep)),
  );
  return `ProtectHome=${isAmongThem ? 'read-only' : 'yes'}`;
}

/** systemd expands % and $ itself, and reads backslashes inside double quotes. */
function quoteWord(word: string): string {
  return quotePath(word).replaceAll('$', '$$$$');
}

function quotePath(path: string): string {
  return `"${escapePercent(path).replaceAll(/["\\]/g, '\\$&')}"`;
}

function escapePercent(text: string): string {
  return text.replaceAll('%', '%%');
}
