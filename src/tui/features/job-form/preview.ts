import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import { type PreviewNote, previewSchedule } from '../../../core/schedule/preview.ts';
import { formatDateTime, formatOffset } from '../../ui/format.ts';
import { scheduleOf } from './form-values.ts';
import type { Form } from './model.ts';

const RUNS = 5;

/** The next runs for the schedule in the form. */
export interface FormPreview {
  /** `every weekday at 09:00 (Europe/Berlin)`. */
  words: string;
  runs: readonly PreviewRun[];
  /** The effects of clock changes and short months on occurrences. */
  notes: readonly PreviewNote[];
}

export interface PreviewRun {
  /** Epoch ms. */
  at: number;
  /** `Thu 26 Nov 09:00`; where the clocks change between the runs, `Sat 24 Oct 09:00 +02:00`. */
  text: string;
}

/** The last preview. It is needed for each frame, and is computed again once a minute or when the schedule changes. */
let last: { key: string; preview: FormPreview | undefined } | undefined;

/** The next runs after `now` (epoch ms); `undefined` while the schedule is invalid. */
export function previewOf(form: Form, now: number): FormPreview | undefined {
  const schedule = { timezone: form.zone, ...scheduleOf(form.texts) };
  const spread = spreadOf(form);
  const key = JSON.stringify([schedule, spread, Math.floor(now / MINUTE_MS)]);
  if (last?.key !== key) last = { key, preview: compute(schedule, spread, now) };
  return last.preview;
}

function compute(
  dict: unknown,
  startDelay: ReturnType<typeof spreadOf>,
  now: number,
): FormPreview | undefined {
  try {
    const schedule = JobSchedule.fromDict(dict);
    const { description, timezone, next_runs, notes } = previewSchedule(schedule, {
      count: RUNS,
      from: new Date(now),
      ...(startDelay !== undefined && { startDelay }),
    });
    const instants = next_runs.map((run) => run.getTime());
    // The words name the zone, so an offset says something only where there are two.
    const hasChange = new Set(instants.map((at) => formatOffset(at, timezone))).size > 1;
    const runs = instants.map((at) => {
      const offset = hasChange ? ` ${formatOffset(at, timezone)}` : '';
      return { at, text: `${formatDateTime(at, now, timezone)}${offset}` };
    });
    return { words: description, runs, notes };
  } catch (error) {
    if (error instanceof QuickscrapeError) return undefined;
    throw error;
  }
}

/** The stagger and jitter of the job; `undefined` without an id, because the stagger depends on it. */
function spreadOf({ jobId, texts }: Form) {
  const id = jobId ?? texts.job_id.trim();
  const [stagger, jitter] = [Number(texts.stagger), Number(texts.jitter)];
  return id !== '' && stagger >= 0 && jitter >= 0 ? { jobId: id, stagger, jitter } : undefined;
}
