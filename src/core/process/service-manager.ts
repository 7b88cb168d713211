import { execFile } from 'node:child_process';

/** How often a text for people is written again, in milliseconds. */
const STATUS_INTERVAL_MS = 5_000;
/** How often a service that is starting is asked whether it is ready, in milliseconds. */
const READY_INTERVAL_MS = 100;
/** A message that is not read by then never will be, in milliseconds. */
const SEND_TIMEOUT_MS = 30_000;

/** What the service manager expects of this process. */
export interface NotifyAddress {
  /** A path, or `@` and the name of an abstract socket. */
  socket: string;
  /** How long it may be silent before it is restarted. */
  watchdogMs: number | undefined;
  /** Whether another process was started, such as a wrapper script, and this one has to introduce itself. */
  isWrapped: boolean;
}

/**
 * Reads where this process announces its state, and removes that from the environment: a command that it starts is
 * another program, and must not speak for it.
 * @returns undefined without a service manager that listens
 */
export function takeNotifyAddress(env: NodeJS.ProcessEnv, pid = process.pid): NotifyAddress | undefined {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdog, SYSTEMD_EXEC_PID: started } = env;
  delete env['NOTIFY_SOCKET'];
  delete env['WATCHDOG_USEC'];
  delete env['WATCHDOG_PID'];
  if (socket === undefined || socket === '') return undefined;
  const watchdogMs = Number(watchdog) / 1000;
  return {
    socket,
    watchdogMs: watchdogMs > 0 && Number.isFinite(watchdogMs) ? watchdogMs : undefined,
    isWrapped: started !== undefined && started !== String(pid),
  };
}

/** Assignments of one message: `READY`, `STATUS` and the like (sd_notify(3)). */
export type NotifyMessage = Readonly<Record<string, string>>;

/**
 * Adds a message to those that are not sent yet. Only the newest status is of interest; a change of state stays a
 * message of its own, in its place.
 */
export function mergeMessage(waiting: readonly NotifyMessage[], message: NotifyMessage): NotifyMessage[] {
  const last = waiting.at(-1);
  if (last === undefined || 'READY' in message || 'STOPPING' in message) return [...waiting, message];
  return [...waiting.slice(0, -1), { ...last, ...message }];
}

/** A service as its manager sees it. */
export interface ManagedService {
  isReady(): boolean;
  /** One line for `systemctl status`. */
  status(): string;
}

export interface ServiceManagerOptions extends ManagedService {
  address: NotifyAddress;
  /** Receives why messages do not arrive, once. */
  onError: (message: string) => void;
}

/**
 * Reports the state of this process to systemd (sd_notify): that it is ready, what it does, that it is alive, that it stops.
 * Node cannot send datagrams to a Unix socket. The program `systemd-notify` can, and returns only when systemd has read
 * the message, so that systemd still finds the sender among the processes of the service.
 */
export class ServiceManager {
  readonly #options: ServiceManagerOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #waiting: NotifyMessage[] = [];
  #isSending = false;
  #hasFailed = false;
  #isReady = false;
  #readyTimer: NodeJS.Timeout | undefined;
  #status = '';

  /** Starts at once to watch whether the service is ready. The timers do not keep the process alive. */
  constructor(options: ServiceManagerOptions) {
    this.#options = options;
    this.#sendStatus();
    this.#checkReady();
    this.#repeat(STATUS_INTERVAL_MS, () => this.#sendStatus());
    if (!this.#isReady) this.#readyTimer = this.#repeat(READY_INTERVAL_MS, () => this.#checkReady());
  }

  /** The service ends by itself: it was not systemd that asked for it. */
  stopping(): void {
    this.#sendStatus({ STOPPING: '1' });
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #checkReady(): void {
    if (this.#isReady || !this.#options.isReady()) return;
    this.#isReady = true;
    clearInterval(this.#readyTimer);
    const { watchdogMs, isWrapped } = this.#options.address;
    this.#sendStatus({ READY: '1', ...(isWrapped && { MAINPID: String(process.pid) }) });
    // Timers and systemd count on the monotonic clock, which stands still while the machine sleeps. A
    // process that hangs runs no timer.
    if (watchdogMs !== undefined) this.#repeat(watchdogMs / 3, () => this.#add({ WATCHDOG: '1' }));
  }

  #sendStatus(state?: NotifyMessage): void {
    const status = this.#readStatus();
    if (status === this.#status && state === undefined) return;
    this.#status = status;
    this.#add({ ...state, STATUS: status });
  }

  #readStatus(): string {
    try {
      return this.#options.status();
    } catch (error) {
      // The database may be locked or its disk full; the service itself goes on.
      return `its state cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #add(message: NotifyMessage): void {
    this.#waiting = mergeMessage(this.#waiting, message);
    if (!this.#isSending) this.#send();
  }

  #send(): void {
    const [message, ...rest] = this.#waiting;
    this.#waiting = rest;
    this.#isSending = message !== undefined;
    if (message === undefined) return;
    const words = Object.entries(message).map(([name, value]) => `${name}=${value}`);
    const env = { ...process.env, NOTIFY_SOCKET: this.#options.address.socket };
    execFile('systemd-notify', words, { env, timeout: SEND_TIMEOUT_MS }, (error, _, stderr) => {
      if (error && !this.#hasFailed) {
        this.#hasFailed = true;
        this.#options.onError(describeFailure(error, stderr));
      }
      this.#send();
    });
  }

  #repeat(ms: number, work: () => void): NodeJS.Timeout {
    const timer = setInterval(work, ms);
    timer.unref();
    this.#timers.push(timer);
    return timer;
  }
}

function describeFailure(error: Error, stderr: string): string {
  const isMissing = 'code' in error && error.code === 'ENOENT';
  const reason = isMissing
    ? 'the program systemd-notify is not in PATH'
    : stderr.trim() || error.message.trim();
  return `the service manager does not learn the state of this process: ${reason}`;
}
