import { builtMutation, mutation } from './mutation.mjs';

/** Returns a function that makes mutations whose tests are in one file. */
const testedBy =
  (file, make = mutation) =>
  (name, edits, title) =>
    make(name, edits, [file, title]);

const pool = testedBy('test/core/execution/worker-pool.slow.test.ts');
const builtPool = testedBy('test/core/execution/worker-pool.slow.test.ts', builtMutation);
const reuse = testedBy('test/core/execution/reused-workers.slow.test.ts', builtMutation);
const slowReuse = testedBy('test/core/execution/long-lived-workers.slow.test.ts', builtMutation);
const hanging = testedBy('test/core/execution/hanging-workers.slow.test.ts');
const isolation = testedBy('test/core/execution/isolated-runs.slow.test.ts', builtMutation);
const earlier = testedBy('test/workers/home/earlier-attempt.test.ts');
const ready = testedBy('test/core/scheduler/ready-workers.test.ts');

/** Workers: ready in time, one run at a time, and none used again that should not be. */
export const WORKER_MUTATIONS = [
  pool(
    'a worker that is idle for long ends',
    ['WorkerPool.#startIdleTimer', 'this.#dismiss(member)', 'undefined'],
    'ends when it has been idle for half a minute',
  ),
  pool(
    'no more workers stay idle than there are slots',
    ['WorkerPool.#onFree', 'this.#occupied() > this.#slots', 'false'],
    'is started a second late when all slots have one, and ends after its run when another is idle',
  ),
  pool(
    'a worker of an older build takes no run',
    ['WorkerPool.#dismissOutdated', 'member.build !== build', 'false'],
    'takes no run after a new version was installed',
  ),
  builtPool(
    'a worker whose input has ended still executes the run that it was given',
    [
      'listIdleHandles',
      'await delay(SETTLE_POLL_MS);',
      'await delay(SETTLE_POLL_MS, undefined, { ref: false });',
    ],
    'executes the run that it was given while it was starting, also when its input has ended since',
  ),
  reuse(
    'a worker whose run was to be cancelled is not used again',
    ['isOrdinaryEnd', 'recorded.cancelRequestedAt !== null', 'false'],
    'is not used again after a run whose cancellation was requested while it succeeded',
  ),
  reuse(
    'a worker that could not write is not used again',
    ['isOrdinaryFailure', "ORDINARY_FAILURES.includes(error?.kind ?? '')", 'true'],
    'is used again after a failure of the site, and not after a failure to write',
  ),
  reuse(
    'a worker with a child process is not used again',
    ['leavesNothing', '|| hasChildren()', ''],
    'is not used again after a run that left a child process, which lives on',
  ),
  reuse(
    'a worker with a timer or socket of a run is not used again',
    ['leavesNothing', 'hasMore(listHandles(), idle)', 'false'],
    'is not used again after a run that left %s',
  ),
  reuse(
    'a worker with much memory is not used again',
    ['main', '|| peakMemory() > MAX_MEMORY', ''],
    'is not used again after a run that left %s',
  ),
  reuse(
    'the memory of the starting process does not count',
    ['peakMemory', 'Number(kilobytes) * 1024', 'process.resourceUsage().maxRSS * 1024'],
    'is used again although the process that started it has more than 250 MB',
  ),
  slowReuse(
    'a worker executes at most a hundred runs',
    ['main', '|| runs >= MAX_RUNS', ''],
    'executes a hundred runs without growing, and not one more',
  ),
  slowReuse(
    'a worker whose run used a browser is not used again',
    ['executeRun', '!isClean || ', ''],
    'is not used again after a run that used a browser',
  ),
  reuse(
    'a worker that compiled the value of a variable is not used again',
    ['prepareAndRun', 'if (loaded.hasFilledPatterns) onTrace();', ''],
    'is not used again after a run that compiled the value of a variable, only sent ones',
  ),
  reuse(
    'a worker whose run left a process by a command is not used again',
    ['executeRun', '!hasProcesses(callbackProcessTree(workspace.paths, runId, leaders))', 'true'],
    'is not used again after a run whose command left %s, which lives on',
  ),
  reuse(
    'a worker whose run left a process without an environment by a command is not used again',
    [
      'executeRun',
      'callbackProcessTree(workspace.paths, runId, leaders)',
      'callbackProcessTree(workspace.paths, runId)',
    ],
    'is not used again after a run whose command left %s, which lives on',
  ),
  builtPool(
    'a run whose worker prints survives its scheduler',
    ['main', 'ignoreOutputErrors();', ''],
    'finishes its run although it prints to %s after its scheduler was killed',
  ),
  hanging(
    'a dismissed worker that hangs is killed',
    ['WorkerPool.#dismiss', 'member.worker.kill()', 'undefined'],
    'is killed if it has not ended five seconds after the scheduler has stopped',
  ),
  hanging(
    'a dismissed worker that has ended needs no killing',
    ['WorkerPool.#onEnded', 'member.cancelTimer();', ''],
    'keeps no timer waiting when it has ended by itself',
  ),
  reuse(
    'a worker reports apart from what libraries print',
    ['report', 'writeSync(STATUS_DESCRIPTOR,', 'writeSync(1,'],
    'is used again after a run that printed something, which is in the log of that run',
  ),
  isolation(
    'a run leaves no listeners in its worker',
    ['executeRun', 'stop.dispose();', ''],
    'no variable, listener, open resource, mask or folder that another configuration could have left',
  ),
  hanging(
    'a worker whose start is valid is not killed',
    ['isStartOver', "(start_token IS NOT ? OR status NOT IN ('starting', 'running'))", '? IS NOT NULL'],
    'is not killed while its start is valid',
  ),
  hanging(
    'a worker that hangs before its claim is killed',
    ['WorkerPool.killHanging', 'member.worker.kill();', '{}'],
    'is killed thirty seconds after its start was revoked, and the run is executed once, by another worker',
  ),
  hanging(
    'a worker that hangs is killed after half a minute and not at once',
    ['WorkerPool.killHanging', 'now - member.overSince >= CLAIM_TIMEOUT_MS', 'true'],
    'is not killed, however long the run takes, until the run has been over for thirty seconds',
  ),
  pool(
    'a run waits for a worker that is about to be free',
    ['WorkerPool.#serveWaiting', 'finishing > 0', 'false'],
    'is not started while one is about to be free, as its run has its outcome',
  ),
  pool(
    'there are no more workers than slots',
    ['WorkerPool.#hasCapacity', 'this.#occupied() < this.#slots', 'true'],
    'is started a second late when all slots have one, and ends after its run when another is idle',
  ),
  pool(
    'a worker that executes commands occupies no slot',
    ['WorkerPool.#occupied', '!isCallingBack', 'true'],
    'is started while another one has its run, or the callback of it, still to do',
  ),
  pool(
    'a warm worker is taken first',
    ['WorkerPool.#takeIdle', 'idle.findLast(({ isWarm }) => isWarm) ?? ', ''],
    'that is warm is taken before one that has just been started',
  ),
  hanging(
    'the worker of an earlier attempt is left alone when a retry is not claimed',
    ['reconcileRun', '{ ...run, process: null }', 'run'],
    'is left alone when the retry of a run that it executed before is not claimed in time',
  ),
  pool(
    'no worker is started for one that is about to be free',
    ['WorkerPool.keepReady', ' - this.#finishing().length', ''],
    'is not started while one is about to be free, as its run has its outcome',
  ),
  ready(
    'workers are made ready ahead of time',
    ['ReadyWorkers.#prepare', 'if (count > 0) this.#executor.keepReady(Math.min(count, free));', ''],
    'two seconds before an occurrence, and not sooner',
  ),
  ready(
    'no more workers are made ready than slots are free',
    ['ReadyWorkers.#prepare', 'Math.min(count, free)', 'count'],
    'for each free slot, however many jobs are due',
  ),
  ready(
    'jobs behind many that cannot start are checked, too',
    ['ReadyWorkers.#prepare', 'count < free && from < planned.length', 'from < 1'],
    'for the one job that may start behind hundreds that are paused',
  ),
  ready(
    'a run that cancels the one before gets a worker ahead of time',
    [
      'willStart',
      "['allow', 'cancel_running'].includes(definition.overlap)",
      "definition.overlap === 'allow'",
    ],
    'for an occurrence that cancels the run before, also when its host takes one run',
  ),
  ready(
    'a run that is about to be cancelled does not block its host',
    ['countStartable', '!replacing.has(jobId)', 'true'],
    'for an occurrence that cancels the run before, also when its host takes one run',
  ),
  ready(
    'upcoming runs are checked again after an error',
    ['ReadyWorkers.check', 'this.#checkAgainBy(now + ERROR_DELAY_MS);', ''],
    'after an error of the database a second before its instant, and a worker is ready by then',
  ),
  ready(
    'a run whose start has failed before gets no worker ahead of time',
    ['willQueuedRunStart', 'run.voidStarts > 0 ||', ''],
    'for a run whose start has failed before',
  ),
  ready(
    'a scheduler that stops dismisses its workers',
    ['SchedulerLoop.stop', 'this.#executor.close();', ''],
    'a scheduler that stops dismisses its idle workers',
  ),
  earlier(
    'a checkpoint counts at home only with all of its items',
    ['FileReceiver.replaceCheckpoint', "if (this.size('items.jsonl') < items) return false;", ''],
    'count at home only with all of their items, whatever the queues lose, double, delay or reorder',
  ),
  mutation(
    'the rows before an attempt that starts over are removed once',
    ['FileReceiver.startOver', 'if (existsSync(marker)) return;', ''],
    ['test/workers/home/remote-runs.test.ts', 'starts over once, if its worker says so'],
  ),
  earlier(
    'what an earlier attempt has left arrives without gaps',
    ['EarlierFiles.receive', 'at > this.#received ||', ''],
    'arrives byte for byte, whatever the queues lose, double, delay or reorder',
  ),
];
