import { PassThrough } from 'node:stream';
import { render } from 'ink';
import { systemTimeZone } from '../core/schedule/instant.ts';
import { openWorkspace } from '../core/workspace.ts';
import { listen } from './input/listen.ts';
import { carryOut } from './live/carry-out.ts';
import { LiveHome } from './live/live-home.ts';
import { Store } from './live/store.ts';
import type { Surroundings } from './live/surroundings.ts';
import type { DashboardOptions } from './open-dashboard.ts';
import { initialState } from './state/initial-state.ts';
import { guardTerminal } from './terminal/guard.ts';
import { Screen } from './terminal/screen.ts';
import { themeFor } from './theme.ts';
import { Dashboard } from './views/dashboard.tsx';

const TICK_MS = 1000;
/** As if by SIGHUP. */
const TERMINAL_GONE = 129;

/** What `openDashboard` says. Only loaded when there is a terminal to draw on. */
export async function showDashboard({ home, readOnly, color }: DashboardOptions): Promise<number> {
  const workspace = openWorkspace({ home, actor: 'tui' });
  const ended = outcome();
  const screen = new Screen(process.stdout, { mouse: true });
  const store: Store = new Store(
    initialState({
      ...screen.size,
      now: Date.now(),
      timezone: systemTimeZone(),
      readOnly,
      mouse: true,
      homePath: workspace.paths.home,
    }),
    (effect) => carryOut(effect, surroundings),
  );
  const send: Surroundings['send'] = (event) => store.send(event);
  const keyboard = listen(process.stdin, send, () => ended.resolve(TERMINAL_GONE));
  const surroundings: Surroundings = {
    workspace,
    screen,
    keyboard,
    send,
    quit: ended.resolve,
    live: () => live,
  };
  let live: LiveHome | undefined;
  const giveBack = () => {
    screen.leave();
    keyboard.pause();
  };
  const unguard = guardTerminal({ restore: giveBack });
  const onResize = () => {
    screen.resized();
    send({ kind: 'resize', ...screen.size });
  };
  const timer = setInterval(() => send({ kind: 'tick', now: Date.now() }), TICK_MS);
  process.stdout.on('resize', onResize);
  keyboard.resume();
  screen.enter();
  const app = render(<Dashboard store={store} theme={themeFor(process.env, { color })} />, {
    stdout: screen.canvas,
    // The keyboard is ours: see src/tui/input.
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  app.waitUntilExit().catch(ended.reject);
  // The first frame does not wait for ten thousand jobs.
  const reading = setImmediate(() => {
    try {
      live = new LiveHome(workspace, send);
      send({ kind: 'home', data: live.data, changed: [], happened: [] });
      live.start().catch(ended.reject);
    } catch (error) {
      ended.reject(error);
    }
  });
  try {
    return await ended.promise;
  } finally {
    giveBack();
    clearInterval(timer);
    process.stdout.off('resize', onResize);
    unguard();
    app.unmount();
    clearImmediate(reading);
    await live?.close();
    workspace.close();
  }
}

/** A promise that is settled from outside it. */
function outcome() {
  let resolve: (exitCode: number) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<number>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
