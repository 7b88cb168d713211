import { isOccurrence } from './schedules.mjs';

const MB = 1024 * 1024;
const OVER = ['succeeded', 'failed', 'timed_out', 'abandoned', 'cancelled', 'skipped', 'missed'];

/** What the rows of a home say against what is known from outside: the calendar, the site's hits, the edits. */
export function checkRows(home, site) {
  const byJob = groupBy([...home.ledger.values()], (row) => row.job_id);
  const found = { expected: 0, misses: [], strays: [], twice: [], lost: [] };
  for (const job of home.jobs) {
    const rows = byJob.get(job.id) ?? [];
    const at = rows.flatMap((row) => (row.scheduled_for === null ? [] : [row.scheduled_for]));
    const have = new Set(at);
    const expected = job.timeline.expected();
    found.expected += expected.length;
    for (const occurrence of expected) if (!have.has(occurrence)) found.misses.push(told(job, occurrence));
    for (const occurrence of have) if (isStray(job, occurrence)) found.strays.push(told(job, occurrence));
    if (have.size < at.length)
      found.twice.push(`${job.id}: ${at.length - have.size} occurrences with two rows`);
    const attempts = rows.reduce((sum, row) => sum + row.attempt, 0);
    const hits = site.hits(job.id);
    if (hits > attempts) found.twice.push(`${job.id}: ${hits} page requests by ${attempts} attempts`);
    const succeeded = rows.filter(({ status }) => status === 'succeeded').length;
    if (hits < succeeded) found.lost.push(`${job.id}: ${succeeded} runs succeeded by ${hits} page requests`);
    for (const row of rows)
      if (!OVER.includes(row.status)) found.lost.push(`${job.id}: ${row.run_id} is ${row.status}`);
  }
  return found;
}

function isStray(job, occurrence) {
  const inForce = job.timeline.segments.find(({ from, to }) => occurrence > from && occurrence < to);
  const schedules = inForce ? [inForce.schedule] : job.timeline.schedulesEver;
  return !schedules.some((schedule) => isOccurrence(schedule, occurrence));
}

function told(job, occurrence) {
  return `${job.id} ${new Date(occurrence).toISOString()}`;
}

/** From an occurrence to its row, and from the moment it may start to its process at work; milliseconds. */
export function startDelays(home) {
  const rows = [...home.ledger.values()].filter((row) => row.trigger === 'schedule' && row.attempt > 0);
  // A run that waits for another one of its job does so because its policy says so.
  const free = rows.filter((row) => row.attempt === 1 && ['skip', 'allow'].includes(row.overlap));
  return {
    queued: percentiles(rows.map((row) => row.queued_at - row.scheduled_for)),
    started: percentiles(free.map((row) => row.started_at - row.not_before)),
  };
}

function percentiles(values) {
  const sorted = values.sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? null };
}

/** Memory and descriptors of the scheduler that lived all the time, without its first third, in which it warms up. */
export function growth(samples) {
  const settled = samples.slice(Math.floor(samples.length / 3));
  const collected = settled.filter((sample) => sample.collected);
  const fds = settled.flatMap((sample) => sample.fds ?? []);
  const half = Math.ceil(fds.length / 2);
  const hours = (samples.at(-1).at - samples[0].at) / 3_600_000;
  return {
    hours,
    rssMb: {
      first: samples[0].rss / MB,
      last: samples.at(-1).rss / MB,
      most: Math.max(...samples.map((s) => s.rss)) / MB,
    },
    rssSlope: slope(settled, (sample) => sample.rss / MB),
    rssSlopeCollected: slope(collected, (sample) => sample.rss / MB),
    anonymousSlopeCollected: slope(
      collected.filter((sample) => sample.anonymous),
      (sample) => sample.anonymous / MB,
    ),
    heapSlopeCollected: slope(collected, (sample) => sample.heapUsed / MB),
    fds: {
      least: Math.min(...fds),
      most: Math.max(...fds),
      growth: most(fds.slice(half)) - most(fds.slice(0, half)),
    },
    lagMs: {
      p99: Math.max(...settled.map((sample) => sample.lagMs.p99)),
      max: Math.max(...settled.map((sample) => sample.lagMs.max)),
    },
    cpuPercent: (100 * (samples.at(-1).cpuMs - samples[0].cpuMs)) / (samples.at(-1).at - samples[0].at),
  };
}

const most = (values) => (values.length === 0 ? 0 : Math.max(...values));

/** Least squares, per hour, with the standard error; `null` for fewer than three samples. */
function slope(samples, value) {
  if (samples.length < 3) return null;
  const xs = samples.map((sample) => sample.at / 3_600_000);
  const ys = samples.map(value);
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const sxx = xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
  const perHour = xs.reduce((sum, x, i) => sum + (x - mx) * (ys[i] - my), 0) / sxx;
  const rest = xs.reduce((sum, x, i) => sum + (ys[i] - my - perHour * (x - mx)) ** 2, 0);
  return { perHour, error: Math.sqrt(rest / (xs.length - 2) / sxx), n: xs.length };
}

function groupBy(list, key) {
  const groups = new Map();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
