import { isRecord } from '../../core/lib/json.ts';

type Fields = Record<string, unknown>;

const MAX_MESSAGE_CHARACTERS = 160;
/** What get_run says of one run, and few clients need of each in a list. */
const RUN_DETAILS = ['checks', 'bytes', 'progress', 'output_format', 'output_path', 'changes'];

/** Of runs in a list: what they are and how they ended. Nulls, defaults and figures of one run are left out. */
export function leanRuns(answer: Fields): Fields {
  return { ...answer, runs: (answer['runs'] as Fields[]).map(leanRun) };
}

function leanRun(run: Fields): Fields {
  const { error, started_at, duration_ms, attempt, max_attempts } = run;
  const left = [
    ...RUN_DETAILS,
    ...(typeof started_at === 'string' ? ['queued_at'] : []),
    ...(typeof duration_ms === 'number' ? ['finished_at'] : []),
    ...(attempt === 1 ? ['attempt'] : []),
    ...(max_attempts === 1 ? ['max_attempts'] : []),
  ];
  const kept = Object.entries(withoutEmpty(run)).filter(([name]) => !left.includes(name));
  const isActive = typeof run['progress'] === 'number' && run['finished_at'] === null;
  return {
    ...Object.fromEntries(kept),
    ...(isActive && { progress: run['progress'] }),
    ...(isRecord(error) && { error: { ...error, message: cut(String(error['message'])) } }),
  };
}

/**
 * Of an explained run: what to do and why. The explanation says since when it fails, and which checks. With changes to
 * make, selectors that they repair and the page's differences are left out, too.
 */
export function leanExplanation(answer: Fields): Fields {
  const { run_id: _, job_id: __, since: ___, checks: ____, ...rest } = answer;
  const { page, selectors, ...told } = rest;
  const changes = (answer['changes'] ?? {}) as Fields;
  if (Object.keys(changes).length === 0)
    return withListedChanges(withoutEmpty({ ...told, page: withoutEmpty(page), selectors }));
  const repaired = Object.keys(changes).flatMap((path) => {
    const place = path.replaceAll('.children.', '.');
    return [place, place.replace(/^(?:follow\.)*selectors\./, '')];
  });
  const isLeft = ({ field }: Fields) => !repaired.includes(String(field));
  return withListedChanges(withoutEmpty({ ...told, selectors: (selectors as Fields[]).filter(isLeft) }));
}

/** `changes`, also those of next steps, as tools take them: a list of names and values, each of which is a text. */
function withListedChanges(answer: Fields): Fields {
  const { changes, next } = answer;
  return {
    ...answer,
    ...(isRecord(changes) && { changes: toChangeList(changes) }),
    ...(Array.isArray(next) && {
      next: (next as { params?: Fields }[]).map((step) =>
        isRecord(step.params?.['changes'])
          ? { ...step, params: { ...step.params, changes: toChangeList(step.params['changes']) } }
          : step,
      ),
    }),
  };
}

function toChangeList(changes: Fields): Fields[] {
  return Object.entries(changes).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}

/** Without nulls, empty lists and empty objects. */
function withoutEmpty(value: unknown): Fields {
  const kept = Object.entries(isRecord(value) ? value : {}).filter(
    ([, one]) => one !== null && !(typeof one === 'object' && Object.keys(one).length === 0),
  );
  return Object.fromEntries(kept);
}

function cut(text: string): string {
  return text.length > MAX_MESSAGE_CHARACTERS ? `${text.slice(0, MAX_MESSAGE_CHARACTERS - 1)}…` : text;
}
