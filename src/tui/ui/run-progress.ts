import { MINUTE_MS } from '../../core/lib/clock.ts';
import { pluralize } from '../../core/lib/text.ts';
import { formatShortDuration } from './format.ts';

/** The progress of a run at an instant (epoch ms). */
export interface ProgressSample {
  readonly at: number;
  readonly pages: number;
  readonly items: number;
  /** `null` while unknown. */
  readonly totalPages: number | null;
  /** Default: the first. */
  readonly attempt?: number;
}

/** The speed is measured over this time, in ms, because a site may slow down. */
const SPEED_WINDOW_MS = 20_000;
/** A shorter time is not enough to measure the speed. */
const MIN_SAMPLE_SPAN_MS = 1_000;
const MAX_SAMPLES = 200;

/**
 * Adds a sample and drops those that are too old for the speed. If a run restarts, so do its samples: the first pages that
 * a later attempt reports are those of the attempt that it continues.
 */
export function withSample(
  samples: readonly ProgressSample[],
  sample: ProgressSample,
): readonly ProgressSample[] {
  const last = samples.at(-1);
  const isContinued = (sample.attempt ?? 1) > 1 && last?.pages === 0 && sample.pages > 0;
  const isOther = last !== undefined && (sample.attempt ?? 1) !== (last.attempt ?? 1);
  if (last === undefined || isContinued || isOther) return [sample];
  if (sample.pages < last.pages || sample.items < last.items) return [sample];
  if (sample.at <= last.at) return samples;
  // The newest of the old samples stays, as the beginning of the measured time.
  const old = samples.findLastIndex(({ at }) => at <= sample.at - SPEED_WINDOW_MS);
  return [...samples.slice(Math.max(0, old)), sample].slice(-MAX_SAMPLES);
}

/** The speed of a run; `null` while it cannot be measured. */
export interface Speed {
  readonly pagesPerMinute: number | null;
  readonly itemsPerMinute: number | null;
  /** The remaining time, in ms. */
  readonly left: number | null;
}

const UNKNOWN: Speed = { pagesPerMinute: null, itemsPerMinute: null, left: null };

/**
 * Computes the speed of a run.
 * @param now epoch ms: without progress since the last sample, the speed decreases
 */
export function runSpeed(samples: readonly ProgressSample[], now: number): Speed {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return UNKNOWN;
  const time = Math.max(last.at, now) - first.at;
  if (time < MIN_SAMPLE_SPAN_MS) return UNKNOWN;
  const pages = (last.pages - first.pages) / time;
  const items = (last.items - first.items) / time;
  const { totalPages } = last;
  const more = totalPages === null ? null : Math.max(0, totalPages - last.pages);
  return {
    pagesPerMinute: pages * MINUTE_MS,
    itemsPerMinute: items * MINUTE_MS,
    left: more === null || (pages <= 0 && more > 0) ? null : more === 0 ? 0 : more / pages,
  };
}

/** Formats as `12 of 40 pages, 240 items · 36 pages/min · 45 s left`; unknown values are left out. */
export function formatProgress(sample: ProgressSample, speed: Speed): string {
  const of = sample.totalPages === null ? '' : ` of ${sample.totalPages.toLocaleString('en-US')}`;
  const pages = `${sample.pages.toLocaleString('en-US')}${of} ${sample.pages === 1 && of === '' ? 'page' : 'pages'}`;
  const { pagesPerMinute: perMinute, left } = speed;
  const parts = [
    `${pages}, ${pluralize(sample.items, 'item')}`,
    perMinute === null ? null : `${perMinute < 10 ? perMinute.toFixed(1) : Math.round(perMinute)} pages/min`,
    left === null ? null : `${formatShortDuration(Math.ceil(left / 1000) * 1000)} left`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
