import { ifAvailable } from '../../core/fs/system-errors.ts';
import { BUILD } from '../../core/lib/program.ts';
import { RecentTimes } from '../../core/lib/recent-times.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import {
  type DrainLevel,
  listWorkerRecords,
  readWorker,
  recordWorker,
  retireWorker,
  setWorkerDrain,
  type WorkerReport,
} from '../../core/workers/worker-records.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { HomeMessage, WorkerLetter } from '../protocol/messages.ts';
import { PROTOCOL } from '../protocol/seal.ts';
import type { ConnectedWorkers } from './connected-workers.ts';
import type { HomeLink } from './home-link.ts';
import type { InvitedKeys } from './invited-keys.ts';
import type { RemoteRuns } from './remote-runs.ts';

/** A cancellation is said again after this long, in milliseconds: it may have been lost. */
const REPEAT_MS = 2_000;
/** Without a message to itself for this long, the home cannot hear workers either, in milliseconds. */
const MAX_DEAF_MS = 20_000;
/** A longer time between two reconciliations means that this process was suspended, in milliseconds. */
const MAX_PAUSE_MS = 5_000;
/** The same warning is not repeated sooner, in milliseconds. */
const WARN_INTERVAL_MS = 600_000;

interface DeskParts {
  keys: InvitedKeys;
  workers: ConnectedWorkers;
  runs: RemoteRuns;
  /** The pools that runs are known to ask for. */
  pools: ReadonlySet<string>;
  link: Pick<HomeLink, 'tell'>;
  log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/** Answers the letters of workers, and tells them what a person wants: cancel, drain, revoke. */
export class WorkerDesk {
  readonly #workspace: Workspace;
  readonly #parts: DeskParts;
  readonly #heard = new Set<string>();
  /** What workers have said of themselves since it was last recorded. */
  readonly #unrecorded = new Map<string, Omit<WorkerReport, 'running'> & { heardAt: number }>();
  /** What was last recorded of each worker. */
  readonly #recorded = new Map<string, WorkerReport & { heardAt: number }>();
  /** The process of each worker that has said hello. */
  readonly #welcomed = new Map<string, string>();
  readonly #cancelledAt = new RecentTimes(REPEAT_MS);
  readonly #warnedAt = new RecentTimes(WARN_INTERVAL_MS);
  /** When this home last heard itself, and when it last noted the time, on the monotonic clock. */
  #echoAt: number;
  #timeAt: number;
  readonly openedAt: number;
  /** Since when workers can be heard, on the monotonic clock: before, their silence says nothing about them. */
  connectedSince: number;

  constructor(workspace: Workspace, parts: DeskParts) {
    this.#workspace = workspace;
    this.#parts = parts;
    this.openedAt = workspace.clock.monotonic();
    this.connectedSince = this.openedAt;
    this.#echoAt = this.openedAt;
    this.#timeAt = this.openedAt;
  }

  /** Redis answers again. */
  reconnected(): void {
    this.connectedSince = this.#workspace.clock.monotonic();
    this.#echoAt = this.connectedSince;
  }

  /** A message of this home to itself has arrived: so would those of its workers. */
  heardItself(): void {
    const now = this.#workspace.clock.monotonic();
    if (now - this.#echoAt > MAX_DEAF_MS) this.connectedSince = now;
    this.#echoAt = now;
  }

  /** What is done once a second. */
  tick(): void {
    this.#noteTime();
    this.#tellWorkers();
    // Only informative: a full disk must not keep runs from being reconciled.
    ifAvailable(() => this.#recordWorkers());
  }

  /** Notes that this process is not suspended: after a pause, letters wait that it has not read. */
  #noteTime(): void {
    const now = this.#workspace.clock.monotonic();
    if (now - this.#timeAt > MAX_PAUSE_MS) this.connectedSince = now;
    this.#timeAt = now;
  }

  /** Whether letters of workers have arrived of late, or would have. */
  canHear(): boolean {
    return this.#workspace.clock.monotonic() - this.#echoAt < MAX_DEAF_MS;
  }

  /** @throws any error of the database: the worker says everything again */
  async answer(letter: WorkerLetter): Promise<void> {
    const { keys, runs, link, workers } = this.#parts;
    const { worker } = letter;
    if (!keys.isAccepted(worker)) return this.#refuse(worker);
    // First: it costs no write, which might fail, and a run must not be given up for that.
    const unknown = runs.hear(worker, letter.executing);
    const isNew = letter.messages.some(({ kind }) => kind === 'hello');
    if (isNew) this.#welcome(worker, letter.incarnation);
    this.#note(letter);
    const answers: HomeMessage[] = [];
    for (const message of letter.messages) {
      if (message.kind === 'hello') continue;
      if (message.kind === 'bye') return this.#leave(worker);
      if (message.kind === 'claim') {
        const answer = await runs.claim(worker, message);
        if (answer.kind === 'grant') workers.claimed(worker, message.token);
        answers.push(answer);
      } else answers.push(...(await runs.receive(worker, message)));
    }
    for (const token of unknown) answers.push({ kind: 'refuse', token, why: 'this start no longer counts' });
    answers.push(this.#alive(worker));
    const told = onlyLast(answers);
    const isUrgent = isNew || told.some(({ kind }) => kind !== 'done' && kind !== 'alive');
    link.tell(worker, told, { later: !isUrgent });
  }

  /** A worker that speaks another protocol shall end, and say so; a person sees it here. */
  answerForeign(worker: string, protocol: number): void {
    const { keys, link, log } = this.#parts;
    const { db, clock } = this.#workspace;
    if (!keys.isAccepted(worker)) {
      this.#refuse(worker);
      return;
    }
    const problem = `it speaks protocol ${protocol} of workers, and this home ${PROTOCOL}: install the same version on both machines`;
    if (this.#isWarningDue(`${worker} ${protocol}`)) log('warn', `worker ${worker}: ${problem}`);
    setWorkerDrain(db, worker, 0);
    const version = `with protocol ${protocol}`;
    const tags = keys.invitation(worker)?.tags ?? [];
    recordWorker(db, { name: worker, tags, slots: 0, running: 0, version, skewMs: 0, problem }, clock.now());
    link.tell(worker, [this.#alive(worker)]);
  }

  /** Its process has ended, as it should. */
  #leave(worker: string): void {
    const { workers, log } = this.#parts;
    log('info', `worker ${worker} has ended`);
    // It may be the first letter of this worker, too.
    this.#recordWorkers();
    retireWorker(this.#workspace.db, worker);
    this.#draining.set(worker, 1);
    workers.setDraining(worker, true);
  }

  /** Tells a pool's workers that it exists, so that they take its starts at once. */
  announcePool(pool: string): void {
    const { workers, link } = this.#parts;
    if (pool === '') return;
    for (const worker of workers.serving(pool, Number.NEGATIVE_INFINITY))
      link.tell(worker, [this.#alive(worker)]);
  }

  #alive(worker: string): HomeMessage {
    const { workers, pools } = this.#parts;
    const lostAfter = this.#workspace.settings.get('worker_lost_after');
    return {
      kind: 'alive',
      pools: workers.poolsOf(worker, pools),
      max_away_seconds: Math.ceil((lostAfter * 2) / 3),
    };
  }

  /**
   * Whether a letter is of an earlier process of its worker: late, copied, or of a second machine that uses the same
   * invitation. It says nothing about the present one.
   */
  isOutdated({ worker, incarnation }: Pick<WorkerLetter, 'worker' | 'incarnation'>): boolean {
    if (!this.#parts.workers.isRetired(worker, incarnation)) return false;
    if (this.#isWarningDue(worker))
      this.#parts.log(
        'warn',
        `worker ${worker}: messages of an earlier process are ignored; if two machines use its invitation, invite one under another name`,
      );
    return true;
  }

  #isWarningDue(about: string): boolean {
    const now = this.#workspace.clock.monotonic();
    if (this.#warnedAt.get(about, now) !== undefined) return false;
    this.#warnedAt.set(about, now);
    return true;
  }

  /** Asks the worker of a run to end it. */
  cancel({ worker, startToken, status }: RunRecord, by: string): void {
    if (!worker || startToken === null || status !== 'running') return;
    const now = this.#workspace.clock.monotonic();
    if (this.#cancelledAt.get(startToken, now) !== undefined) return;
    this.#cancelledAt.set(startToken, now);
    this.#parts.link.tell(worker, [{ kind: 'cancel', token: startToken, by: by.slice(0, 1_000) }]);
  }

  /** Tells the workers that shall take no more runs, and those whose invitation was revoked. */
  #tellWorkers(): void {
    if (this.#heard.size === 0) return;
    const drains = new Map(listWorkerRecords(this.#workspace.db).map(({ name, drain }) => [name, drain]));
    for (const name of this.#heard) {
      if (!this.#parts.keys.isAccepted(name)) this.#refuse(name);
      else this.#tellDrain(name, drains.get(name) ?? 0);
    }
  }

  /** Writes what workers have said of themselves, and how many runs they execute, in one transaction. */
  #recordWorkers(): void {
    const { db } = this.#workspace;
    const count = (name: string) => this.#parts.workers.countClaimed(name);
    for (const [name, report] of this.#recorded)
      if (report.running !== count(name) && !this.#unrecorded.has(name)) this.#unrecorded.set(name, report);
    if (this.#unrecorded.size === 0) return;
    db.transaction(() => {
      for (const [name, said] of this.#unrecorded) {
        const report = { ...said, running: count(name) };
        // Its runs may have ended because it is silent.
        recordWorker(db, report, report.heardAt);
        this.#recorded.set(name, report);
      }
    });
    this.#unrecorded.clear();
  }

  readonly #draining = new Map<string, number>();

  #tellDrain(name: string, drain: DrainLevel): void {
    const before = this.#draining.get(name) ?? 0;
    this.#draining.set(name, drain);
    if (drain === before) return;
    this.#parts.workers.setDraining(name, drain > 0);
    if (drain > 0) this.#parts.link.tell(name, [{ kind: 'drain', now: drain === 2 }]);
  }

  #refuse(worker: string): void {
    const { link, workers, runs, log } = this.#parts;
    link.tell(worker, [{ kind: 'revoked' }]);
    if (!this.#heard.delete(worker)) return;
    retireWorker(this.#workspace.db, worker);
    log('warn', `worker ${worker}: its invitation was revoked or has expired; it gets no answers`);
    workers.forget(worker);
    this.#unrecorded.delete(worker);
    this.#recorded.delete(worker);
    for (const run of runs.list())
      if (run.worker === worker) run.lostBecause = `the invitation of its worker ${worker} was revoked`;
  }

  /** A worker that was drained and started again shall take runs again. */
  #welcome(worker: string, incarnation: string): void {
    // It is said again until it is answered, and may be copied: a drain that was asked for since then stays.
    if (this.#welcomed.get(worker) === incarnation) return;
    this.#welcomed.set(worker, incarnation);
    setWorkerDrain(this.#workspace.db, worker, 0);
    this.#draining.delete(worker);
  }

  #note({ worker, slots, executing, version, incarnation, now, problem }: WorkerLetter): void {
    const { keys, workers, runs, log } = this.#parts;
    const { db, clock } = this.#workspace;
    const tags = keys.invitation(worker)?.tags ?? [];
    if (!this.#heard.has(worker)) {
      this.#heard.add(worker);
      const build = version === BUILD ? '' : `, version ${version}, and this is ${BUILD}`;
      log(
        'info',
        `worker ${worker} is there: ${slots} slots${tags.length > 0 ? `, ${tags.join(', ')}` : ''}${build}`,
      );
    }
    keys.markJoined(worker);
    // A letter that has waited in Redis says nothing about its worker's clock. An echo has waited behind all of them.
    const isFresh = this.#echoAt > this.connectedSince;
    const skewMs = isFresh ? now - clock.now() : (readWorker(db, worker)?.skewMs ?? 0);
    if (problem !== null && this.#isWarningDue(`${worker} ${problem}`))
      log('warn', `worker ${worker} cannot take runs: ${problem}`);
    this.#unrecorded.set(worker, {
      name: worker,
      tags,
      slots,
      version,
      skewMs,
      problem,
      heardAt: clock.now(),
    });
    const drain = this.#draining.get(worker) ?? readWorker(db, worker)?.drain ?? 0;
    const heardAt = clock.monotonic();
    const isNewProcess = workers.hear(worker, {
      tags,
      slots,
      incarnation,
      heardAt,
      isDraining: drain > 0 || problem !== null,
    });
    for (const token of executing) {
      // An earlier scheduler may have granted it.
      if (runs.get(token)?.isCollected === false) workers.claimed(worker, token);
    }
    if (!isNewProcess) return;
    // Its earlier process is gone, with all that it executed.
    const alive = new Set(executing);
    for (const run of runs.list())
      if (run.worker === worker && !alive.has(run.token))
        run.lostBecause = `its worker ${worker} was restarted, and no longer has it`;
    this.#draining.delete(worker);
  }
}

/** Of several sizes of one file, only the last counts; none does when all files are at home. */
function onlyLast(messages: readonly HomeMessage[]): HomeMessage[] {
  const done = new Set(messages.flatMap((message) => (message.kind === 'done' ? [message.token] : [])));
  const last = new Map<string, HomeMessage>();
  for (const [at, message] of messages.entries())
    if (message.kind !== 'have' || !done.has(message.token))
      last.set(message.kind === 'have' ? `${message.token} ${message.file}` : String(at), message);
  return [...last.values()];
}
