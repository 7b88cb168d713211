import { formatDuration } from '../../../core/lib/format-duration.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { Html, html } from './html.ts';

type Report = OperationOutput<'get_report'>;
type Step = Report['by_step'][number];

/** The width of a step in a curve, and the height of curves, in units of their drawing. */
const STEP = 4;
const HEIGHT = 24;
/** Room for the stroke and the last point. */
const MARGIN = 3;

/** The mean items of the runs that succeeded, by step. */
export function itemsCurve(steps: readonly Step[], total: number): Html | null {
  const points = steps.flatMap(({ step, succeeded, items }) =>
    succeeded === 0 ? [] : [{ step, value: items / succeeded }],
  );
  return curve('Items', points, total, (value) => Math.round(value).toLocaleString('en-US'));
}

/** The mean duration of the runs that were executed, by step. */
export function durationCurve(steps: readonly Step[], total: number): Html | null {
  const points = steps.flatMap(({ step, succeeded, failed, cancelled, duration_ms }) =>
    succeeded + failed + cancelled === 0
      ? []
      : [{ step, value: duration_ms / (succeeded + failed + cancelled) }],
  );
  return curve('Duration', points, total, formatDuration);
}

/** A curve with its text: what it shows, from the least to the most, and the last value. `null` without a point. */
function curve(
  what: string,
  points: readonly { step: number; value: number }[],
  total: number,
  format: (value: number) => string,
): Html | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  const values = points.map(({ value }) => value);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const x = (step: number) => step * STEP + STEP / 2;
  // A curve that never changes lies in the middle.
  const y = (value: number) =>
    max === min
      ? HEIGHT / 2
      : Math.round(HEIGHT - MARGIN - ((value - min) / (max - min)) * (HEIGHT - 2 * MARGIN));
  const line = points.map(({ step, value }) => `${x(step)} ${y(value)}`).join('L');
  const range = min === max ? `always ${format(max)}` : `from ${format(min)} to ${format(max)}`;
  const text = `${what}: ${range}, last ${format(last.value)}`;
  return html`<svg class="curve" viewBox="0 0 ${total * STEP} ${HEIGHT}" role="img"><title>${text}</title><path d="M${line}"/><circle cx="${x(last.step)}" cy="${y(last.value)}" r="2.2"/></svg>`;
}

/**
 * The outcomes of a job by step: tall where a run failed, half as tall and pale where one did not start, low where all
 * went well; a step without runs has a dot.
 */
export function outcomeStrip(steps: readonly Step[], total: number): Html {
  const byStep = new Map(steps.map((one) => [one.step, one]));
  const bars: string[] = [];
  for (let step = 0; step < total; step += 1) {
    const [kind, height] = barOf(byStep.get(step));
    bars.push(
      `<rect class="${kind}" x="${step * STEP}" y="${HEIGHT - height}" width="3" height="${height}" rx="1"/>`,
    );
  }
  return html`<svg class="strip" viewBox="0 0 ${total * STEP} ${HEIGHT}" preserveAspectRatio="none" role="img"><title>${describeSteps(steps)}</title>${new Html(bars.join(''))}</svg>`;
}

function barOf(step: Step | undefined): [kind: string, height: number] {
  if (step === undefined) return ['none', 2];
  if (step.failed > 0) return ['bad', HEIGHT];
  if (step.missed + step.skipped > 0) return ['late', 16];
  return step.succeeded > 0 ? ['good', 11] : ['none', 5];
}

/** `27 runs succeeded, 1 failed, 2 missed` */
function describeSteps(steps: readonly Step[]): string {
  const sum = (name: 'succeeded' | 'failed' | 'missed' | 'skipped' | 'cancelled') =>
    steps.reduce((total, step) => total + step[name], 0);
  const others = (['failed', 'missed', 'skipped', 'cancelled'] as const)
    .map((name) => [name, sum(name)] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `, ${count.toLocaleString('en-US')} ${name}`);
  return steps.length === 0
    ? 'Outcomes: no run in this time'
    : `Outcomes: ${pluralize(sum('succeeded'), 'run')} succeeded${others.join('')}`;
}

const CHART_HEIGHT = 100;
const BAR = 10;

/** The runs of all jobs by step, as stacked bars: what went well below, what failed or did not start above. */
export function runsChart({ by_step, steps }: Report): Html {
  const sizes = by_step.map((step) => runsOf(step));
  const most = Math.max(1, ...sizes);
  const bars = by_step.flatMap(({ step, succeeded, failed, missed, skipped, cancelled }) => {
    let bottom = CHART_HEIGHT;
    const parts = { good: succeeded, none: cancelled, late: missed + skipped, bad: failed };
    return Object.entries(parts).flatMap(([kind, runs]) => {
      if (runs === 0) return [];
      // One failure among thousands must be seen.
      const height = Math.max(kind === 'good' ? 1 : 2.5, (runs / most) * (CHART_HEIGHT - 6));
      bottom -= height;
      return [
        `<rect class="${kind}" x="${step * BAR + 1}" y="${bottom.toFixed(1)}" width="${BAR - 2}" height="${height.toFixed(1)}"/>`,
      ];
    });
  });
  return html`<svg class="chart" viewBox="0 0 ${steps * BAR} ${CHART_HEIGHT}" preserveAspectRatio="none" role="img"><title>${describeSteps(by_step).replace('Outcomes', 'Runs of all jobs')}; ${most.toLocaleString('en-US')} at most in one bar</title>${new Html(bars.join(''))}</svg>`;
}

export function runsOf({ succeeded, failed, missed, skipped, cancelled }: Step): number {
  return succeeded + failed + missed + skipped + cancelled;
}
