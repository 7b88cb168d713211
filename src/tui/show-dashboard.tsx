import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { render } from 'ink';
import type { RemoteHome } from '../core/fs/homes-file.ts';
import { loadLateModules } from '../core/lib/late-modules.ts';
import { rememberProgram } from '../core/lib/program-replaced.ts';
import { sanitizeText } from '../core/lib/sanitize-text.ts';
import { systemTimezone } from '../core/schedule/engine/instant.ts';
import { withCommandFile } from './app/command-file.ts';
import { Dashboard } from './app/dashboard.tsx';
import { EFFECT_HANDLERS, initialState, SUBSCRIBERS } from './app/features.ts';
import { programTitle } from './app/header.ts';
import { withKeyFile } from './app/key-file.ts';
import { PreferenceFile, preferencePath, withPreferences } from './app/preferences.ts';
import { subscriptionsOf } from './app/reduce.ts';
import { Store } from './app/store.ts';
import { withLastVisit } from './features/activity/reducer.ts';
import { describeUnfinishedBatches } from './features/batch/reducer.ts';
import type { Drafts } from './features/config-editor/model.ts';
import { selectWhenListed } from './features/jobs/reducer.ts';
import { hasName, type OpenableHome } from './home/openable-home.ts';
import type { Event } from './kernel/model.ts';
import { withNotice } from './kernel/notices.ts';
import { openFirstHome, openNextHome, type ShownHome } from './next-home.ts';
import type { EffectContext } from './runtime/effect-context.ts';
import { runEffect } from './runtime/effects.ts';
import { listenToKeyboard } from './runtime/input/keyboard.ts';
import { showRemoteDashboard } from './runtime/remote-dashboard.ts';
import { InFlightCalls } from './runtime/run-call.ts';
import { SubscriptionManager } from './runtime/subscriptions.ts';
import { backgroundFrom } from './runtime/terminal/background.ts';
import { hasTitle, Screen } from './runtime/terminal/screen.ts';
import { guardTerminal, handleShellSignals } from './runtime/terminal/signals.ts';
import { configFilePath, readUserFile } from './runtime/watch-user-file.ts';
import type { Input } from './ui/input.ts';
import { themeFor } from './ui/theme.ts';

/** The exit code of a process that SIGHUP ended. */
const HANGUP_EXIT_CODE = 129;
/** How long after the start the modules of later calls are loaded: the first frame and the first keys come before. */
const LOADING_DELAY_MS = 3000;
/** How long to wait for active calls when the dashboard is left. */
const DRAIN_TIMEOUT_MS = 3000;

/** Implements `openDashboard`. Loaded only when there is a terminal. */
export async function showDashboard(options: DashboardOptions): Promise<number> {
  if (options.remote !== undefined) {
    const end = await showRemoteDashboard(options.remote, options);
    if (typeof end !== 'number') throw end;
    return end;
  }
  rememberProgram();
  const leaving = new AbortController();
  void loadLateModules(LOADING_DELAY_MS, leaving.signal);
  try {
    let shown = openFirstHome(options.home, options.homeName);
    const start = shown.home;
    for (;;) {
      const next = await showHome(shown, start, options).finally(() => shown.workspace.close());
      if (typeof next === 'number') return next;
      shown = await openNextHome(next, shown.home, options);
    }
  } finally {
    leaving.abort();
  }
}

/**
 * Shows a home until the user leaves it.
 * @returns the exit code, or the home to show next
 */
async function showHome(
  { workspace, home, notice, refused }: ShownHome,
  startHome: OpenableHome,
  options: DashboardOptions,
): Promise<number | OpenableHome> {
  const { job, readOnly, color } = options;
  const { promise, resolve, reject } = outcome();
  const preferences = new PreferenceFile(preferencePath(process.env), workspace.paths.home);
  const preferred = preferences.read();
  const name = sanitizeText(home.label);
  const isNamed = home !== startHome || options.home !== undefined;
  const theme = themeFor(process.env, { color });
  const title = hasTitle(process.env) ? programTitle({ homeName: name, readOnly }) : undefined;
  const background = backgroundFrom(process.env);
  const screen = new Screen(process.stdout, {
    mouse: preferred.mouse ?? true,
    title,
    asksBackground: hasTitle(process.env) && theme.colors && theme.manyColors,
    cursor: theme.screenReader,
  });
  const first = initialState({
    ...screen.size,
    now: workspace.clock.now(),
    timezone: systemTimezone(),
    readOnly,
    mouse: true,
    linear: theme.screenReader,
    paths: workspace.paths,
    homeName: name,
    ...(background !== undefined && { background }),
    ...(isNamed && { namedHome: hasName(home) ? home.label : workspace.paths.home }),
  });
  const withHomeNotice =
    notice === undefined ? first : withNotice(first, notice.tone, notice.text, notice.subject);
  const withSaved = withPreferences(withHomeNotice, preferred);
  const withKeys = withKeyFile(withSaved, readUserFile(configFilePath('key_file', process.env)));
  const withCommands = withCommandFile(withKeys, readUserFile(configFilePath('command_file', process.env)));
  const selected =
    job === undefined || home !== startHome ? withCommands : selectWhenListed(withCommands, job);
  const store = new Store(withLastVisit(selected, preferred.leftAt));
  let isLeft = false;
  let isTerminalGone = false;
  // Keys typed right after q are not meant for the dashboard.
  const onInput = (input: Input) => {
    if (!isLeft) store.send(input);
  };
  const keyboard = listenToKeyboard(process.stdin, {
    input: onInput,
    background: (background) => store.send({ kind: 'background', background }),
    end: () => {
      isTerminalGone = true;
      isLeft = true;
      resolve(HANGUP_EXIT_CODE);
    },
  });
  let hasConfirmed = false;
  const quit = (exitCode: number) => {
    // If the user chose to quit, the question about unsaved texts was already asked.
    hasConfirmed = exitCode === 0;
    isLeft = true;
    resolve(exitCode);
  };
  const inFlightCalls = new InFlightCalls();
  const send = (event: Event) => {
    store.send(event);
    inFlightCalls.onEvent(event);
  };
  const openHome = (next: OpenableHome) => {
    // The reducer has refused to leave unsaved texts.
    hasConfirmed = true;
    isLeft = true;
    resolve(next);
  };
  const callbacks = { send, quit, fail: reject, startHome, openHome };
  const parts = { workspace, screen, keyboard, preferences, readOnly };
  const context: EffectContext = { ...parts, live: undefined, ...callbacks };
  const subscriptions = new SubscriptionManager(SUBSCRIBERS, context);
  const restoreTerminal = () => {
    screen.leave();
    keyboard.pause();
    const rescued = hasConfirmed ? undefined : rescueDrafts(store.state.configs.drafts);
    hasConfirmed = true;
    if (rescued !== undefined) process.stderr.write(`${rescued}\n`);
  };
  const unguard = guardTerminal({ restore: restoreTerminal });
  const onResize = () => {
    screen.resized();
    store.send({ kind: 'resize', ...screen.size });
  };
  process.stdout.on('resize', onResize);
  const unfollow = handleShellSignals(context);
  keyboard.resume();
  screen.enter();
  const app = render(<Dashboard store={store} theme={theme} />, {
    stdout: screen.canvas,
    // The dashboard reads the keyboard itself: see src/tui/runtime/input.
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
    // Ink’s own mode joins texts with blanks, truncates nothing and has no colours; our views produce better text.
    isScreenReaderEnabled: false,
  });
  app.waitUntilExit().catch(reject);
  store.attach({
    runEffect: (effect) => {
      // After the user has left, no call starts.
      if (isLeft && effect.kind === 'call') return;
      inFlightCalls.onEffect(effect);
      runEffect(EFFECT_HANDLERS, effect, context);
    },
    updateSubscriptions: (state) => subscriptions.update(subscriptionsOf(state)),
  });
  if (refused !== undefined) store.send({ kind: 'home_refused', ...refused });
  try {
    return await promise;
  } finally {
    restoreTerminal();
    keyboard.close();
    process.stdout.off('resize', onResize);
    unfollow();
    unguard();
    app.unmount();
    await Promise.all([subscriptions.close(), inFlightCalls.drain(DRAIN_TIMEOUT_MS)]);
    const undone = isTerminalGone ? [] : describeUnfinishedBatches(store.state.batches);
    const { keyFile, commandFile } = store.state;
    for (const line of [...undone, ...keyFile.problems, ...commandFile.problems])
      process.stderr.write(`quickscrape: ${line}\n`);
    preferences.save({ leftAt: workspace.clock.now() });
    await preferences.close();
  }
}

/** A promise with its `resolve` and `reject`. */
function outcome() {
  let resolve: (end: number | OpenableHome) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<number | OpenableHome>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

export interface DashboardOptions {
  home: string | undefined;
  /** The name of the home in `homes.yaml`: `@acme`. */
  homeName?: string | undefined;
  /** A home on another machine, instead. */
  remote?: RemoteHome | undefined;
  /** The job that is selected at the beginning. */
  job?: string | undefined;
  readOnly: boolean;
  /** False: `--no-color`. */
  color: boolean;
}

/**
 * Writes unsaved drafts to files that only the user can read, when the dashboard ends without asking. Returns a message
 * about them; `undefined` when there are no drafts. Synchronous, because the process is about to exit.
 */
function rescueDrafts(drafts: Drafts): string | undefined {
  const names = Object.keys(drafts);
  if (names.length === 0) return undefined;
  try {
    const folder = mkdtempSync(join(tmpdir(), 'quickscrape-not-saved-'));
    for (const name of names)
      writeFileSync(join(folder, `${name}.yaml`), drafts[name]?.yaml ?? '', { mode: 0o600 });
    return `quickscrape: ${names.join(', ')} had changes that were not saved; they are kept in ${folder}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `quickscrape: ${names.join(', ')} had changes that were not saved, and could not be kept: ${reason}`;
  }
}
