import { InspectorProcess } from './inspector-process.ts';

/** An idle inspector ends after this long. */
const IDLE_TIMEOUT_MS = 60_000;

let idle: { inspector: InspectorProcess; timer: NodeJS.Timeout } | undefined;

/**
 * Takes the inspector that has answered an earlier question and stays, or a new one that will stay. An assistant asks
 * several questions about a page: it is then parsed once, by code that is compiled. At most one process stays, and it
 * remembers pages of at most a few megabytes (scrape/inspector/page-memory.ts).
 */
export function takeInspector(): InspectorProcess {
  const taken = idle;
  idle = undefined;
  clearTimeout(taken?.timer);
  if (taken?.inspector.isFree) return taken.inspector;
  const inspector = new InspectorProcess({ stays: true });
  inspector.onFree = () => keep(inspector);
  return inspector;
}

function keep(inspector: InspectorProcess): void {
  if (idle?.inspector.isFree) {
    inspector.dismiss();
    return;
  }
  clearTimeout(idle?.timer);
  const timer = setTimeout(() => inspector.dismiss(), IDLE_TIMEOUT_MS);
  timer.unref();
  idle = { inspector, timer };
}
