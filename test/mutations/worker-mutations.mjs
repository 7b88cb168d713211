import { builtMutation, mutation } from './mutation.mjs';

const poolTests = 'test/core/execution/worker-pool.test.ts';
const reuseTests = 'test/core/execution/reused-workers.test.ts';
const slowReuseTests = 'test/core/execution/reused-workers.slow.test.ts';
const isolationTests = 'test/core/execution/isolated-runs.test.ts';
const hangingTests = 'test/core/execution/hanging-workers.test.ts';
const readyTests = 'test/core/scheduler/ready-workers.test.ts';

/** Workers: ready in time, one run at a time, and none used again that should not be. */
export const WORKER_MUTATIONS = [
  mutation(
    'a worker that is idle for long ends',
    ['WorkerPool.#startIdleTimer', 'this.#dismiss(member)', 'undefined'],
    [poolTests, 'ends when it has been idle for half a minute'],
  ),
  mutation(
    'no more workers stay idle than there are slots',
    ['WorkerPool.#onFree', 'this.#occupied() > this.#slots', 'false'],
    [
      poolTests,
      'is started a second late when all slots have one, and ends after its run when another is idle',
    ],
  ),
  mutation(
    'a worker of an older build takes no run',
    ['WorkerPool.#dismissOutdated', 'member.build !== build', 'false'],
    [poolTests, 'takes no run after a new version was installed'],
  ),
  builtMutation(
    'a worker whose input has ended still executes the run that it was given',
    [
      'listIdleHandles',
      'await delay(SETTLE_POLL_MS);',
      'await delay(SETTLE_POLL_MS, undefined, { ref: false });',
    ],
    [
      poolTests,
      'executes the run that it was given while it was starting, also when its input has ended since',
    ],
  ),
  builtMutation(
    'a worker whose run was to be cancelled is not used again',
    ['isOrdinaryEnd', 'recorded.cancelRequestedAt !== null', 'false'],
    [reuseTests, 'is not used again after a run whose cancellation was requested while it succeeded'],
  ),
  builtMutation(
    'a worker that could not write is not used again',
    ['isOrdinaryEnd', "ORDINARY_FAILURES.includes(error?.kind ?? '')", 'true'],
    [reuseTests, 'is used again after a failure of the site, and not after a failure to write'],
  ),
  builtMutation(
    'a worker with a child process is not used again',
    ['leavesNothing', '|| hasChildren()', ''],
    [reuseTests, 'is not used again after a run that left a child process, which lives on'],
  ),
  builtMutation(
    'a worker with a timer or socket of a run is not used again',
    ['leavesNothing', 'hasMore(listHandles(), idle)', 'false'],
    [reuseTests, 'is not used again after a run that left %s'],
  ),
  builtMutation(
    'a worker with much memory is not used again',
    ['main', '|| peakMemory() > MAX_MEMORY', ''],
    [reuseTests, 'is not used again after a run that left %s'],
  ),
  builtMutation(
    'the memory of the starting process does not count',
    ['peakMemory', 'Number(kilobytes) * 1024', 'process.resourceUsage().maxRSS * 1024'],
    [reuseTests, 'is used again although the process that started it has more than 250 MB'],
  ),
  builtMutation(
    'a worker executes at most a hundred runs',
    ['main', '|| runs >= MAX_RUNS', ''],
    [slowReuseTests, 'executes a hundred runs without growing, and not one more'],
  ),
  builtMutation(
    'a worker whose run used a browser is not used again',
    ['executeRun', '!isClean || ', ''],
    [slowReuseTests, 'is not used again after a run that used a browser'],
  ),
  builtMutation(
    'a worker that compiled the value of a variable is not used again',
    ['prepareAndRun', 'if (text.hasFilledPatterns) onTrace();', ''],
    [reuseTests, 'is not used again after a run that compiled the value of a variable, only sent ones'],
  ),
  builtMutation(
    'a worker whose run left a process by a command is not used again',
    ['executeRun', '!hasProcesses(callbackProcessTree(workspace.paths, runId, leaders))', 'true'],
    [reuseTests, 'is not used again after a run whose command left %s, which lives on'],
  ),
  builtMutation(
    'a worker whose run left a process without an environment by a command is not used again',
    [
      'executeRun',
      'callbackProcessTree(workspace.paths, runId, leaders)',
      'callbackProcessTree(workspace.paths, runId)',
    ],
    [reuseTests, 'is not used again after a run whose command left %s, which lives on'],
  ),
  builtMutation(
    'a run whose worker prints survives its scheduler',
    ['main', 'ignoreOutputErrors();', ''],
    [poolTests, 'finishes its run although it prints to %s after its scheduler was killed'],
  ),
  mutation(
    'a dismissed worker that hangs is killed',
    ['WorkerPool.#dismiss', 'member.worker.kill()', 'undefined'],
    [hangingTests, 'is killed if it has not ended five seconds after %s'],
  ),
  mutation(
    'a dismissed worker that has ended needs no killing',
    ['WorkerPool.#onEnded', 'member.cancelTimer();', ''],
    [hangingTests, 'keeps no timer waiting when it has ended by itself'],
  ),
  builtMutation(
    'a worker reports apart from what libraries print',
    ['report', 'writeSync(STATUS_DESCRIPTOR,', 'writeSync(1,'],
    [reuseTests, 'is used again after a run that printed something, which is in the log of that run'],
  ),
  builtMutation(
    'a run leaves no listeners in its worker',
    ['executeRun', 'stop.dispose();', ''],
    [
      isolationTests,
      'no variable, listener, open resource, mask or folder that another configuration could have left',
    ],
  ),
  mutation(
    'a worker whose start is valid is not killed',
    ['isStartOver', "(start_token IS NOT ? OR status NOT IN ('starting', 'running'))", '? IS NOT NULL'],
    [hangingTests, 'is not killed while its start is valid'],
  ),
  mutation(
    'a worker that hangs before its claim is killed',
    ['WorkerPool.killHanging', 'member.worker.kill();', '{}'],
    [
      hangingTests,
      'is killed thirty seconds after its start was revoked, and the run is executed once, by another worker',
    ],
  ),
  mutation(
    'a worker that hangs is killed after half a minute and not at once',
    ['WorkerPool.killHanging', 'now - member.overSince >= CLAIM_TIMEOUT_MS', 'true'],
    [
      hangingTests,
      'is not killed, however long the run takes, until the run has been over for thirty seconds',
    ],
  ),
  mutation(
    'a run waits for a worker that is about to be free',
    ['WorkerPool.#serveWaiting', 'finishing > 0', 'false'],
    [poolTests, 'is not started while one is about to be free, as its run has its outcome'],
  ),
  mutation(
    'there are no more workers than slots',
    ['WorkerPool.#hasCapacity', 'this.#occupied() < this.#slots', 'true'],
    [
      poolTests,
      'is started a second late when all slots have one, and ends after its run when another is idle',
    ],
  ),
  mutation(
    'a worker that executes commands occupies no slot',
    ['WorkerPool.#occupied', '!isCallingBack', 'true'],
    [poolTests, 'is started while another one has its run, or the callback of it, still to do'],
  ),
  mutation(
    'a warm worker is taken first',
    ['WorkerPool.#takeIdle', 'idle.findLast(({ isWarm }) => isWarm) ?? ', ''],
    [poolTests, 'that is warm is taken before one that has just been started'],
  ),
  mutation(
    'the worker of an earlier attempt is left alone when a retry is not claimed',
    ['reconcileRun', '{ ...run, process: null }', 'run'],
    [hangingTests, 'is left alone when the retry of a run that it executed before is not claimed in time'],
  ),
  mutation(
    'no worker is started for one that is about to be free',
    ['WorkerPool.keepReady', ' - this.#finishing().length', ''],
    [poolTests, 'is not started while one is about to be free, as its run has its outcome'],
  ),
  mutation(
    'workers are made ready ahead of time',
    ['ReadyWorkers.#prepare', 'if (count > 0) this.#executor.keepReady(Math.min(count, free));', ''],
    [readyTests, 'two seconds before an occurrence, and not sooner'],
  ),
  mutation(
    'no more workers are made ready than slots are free',
    ['ReadyWorkers.#prepare', 'Math.min(count, free)', 'count'],
    [readyTests, 'for each free slot, however many jobs are due'],
  ),
  mutation(
    'jobs behind many that cannot start are checked, too',
    ['ReadyWorkers.#prepare', 'count < free && from < planned.length', 'from < 1'],
    [readyTests, 'for the one job that may start behind hundreds that are paused'],
  ),
  mutation(
    'a run that cancels the one before gets a worker ahead of time',
    [
      'willStart',
      "['allow', 'cancel_running'].includes(definition.overlap)",
      "definition.overlap === 'allow'",
    ],
    [readyTests, 'for an occurrence that cancels the run before, also when its host takes one run'],
  ),
  mutation(
    'a run that is about to be cancelled does not block its host',
    ['countStartable', '!replacing.has(jobId)', 'true'],
    [readyTests, 'for an occurrence that cancels the run before, also when its host takes one run'],
  ),
  mutation(
    'upcoming runs are checked again after an error',
    ['ReadyWorkers.check', 'this.#checkAgainBy(now + ERROR_DELAY_MS);', ''],
    [readyTests, 'after an error of the database a second before its instant, and a worker is ready by then'],
  ),
  mutation(
    'a run whose start has failed before gets no worker ahead of time',
    ['willQueuedRunStart', 'run.voidStarts > 0 ||', ''],
    [readyTests, 'for a run whose start has failed before'],
  ),
  mutation(
    'a scheduler that stops dismisses its workers',
    ['SchedulerLoop.stop', 'this.#executor.close();', ''],
    [readyTests, 'a scheduler that stops dismisses its idle workers'],
  ),
];
