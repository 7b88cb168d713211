/** Below this a slope says nothing: a process warms up. */
const MIN_MINUTES_FOR_SLOPE = 20;

/** Each figure, its limit, and whether it was kept; a figure without a limit is only told. */
export function rowsOf({ minutes, calm, storm, growth, delays, errors, lostEdits, calmSurvived }) {
  const both = (key) => calm[key].length + storm[key].length;
  const rows = [
    row(
      'occurrences with two runs, or pages asked for more often than there were attempts',
      both('twice'),
      0,
    ),
    row('started runs without outcome', both('lost'), 0),
    row(`occurrences without a row, of ${calm.expected + storm.expected}`, both('misses'), 0),
    row('runs of an instant that the schedule does not have', both('strays'), 0),
    row('acknowledged edits lost', lostEdits.length, 0),
    row('unexpected errors', errors.length, 0),
    row('restarts of the calm scheduler', calmSurvived ? 0 : 1, 0),
    row('occurrence → row p50', delays.queued.p50, undefined, 'ms'),
    row(`occurrence → row p99 (${delays.queued.n})`, delays.queued.p99, 250, 'ms'),
    row('due → process at work p50', delays.started.p50, undefined, 'ms'),
    row(`due → process at work p99 (${delays.started.n})`, delays.started.p99, undefined, 'ms'),
  ];
  if (!growth) return rows;
  const counts = minutes >= MIN_MINUTES_FOR_SLOPE;
  const slopeRow = (name, slope, limit) =>
    row(
      slope ? `${name} (± ${round(1.96 * slope.error)}, ${slope.n} samples)` : name,
      slope ? round(slope.perHour) : null,
      counts ? limit : undefined,
      'MB/h',
    );
  return [
    ...rows,
    slopeRow('RSS slope after garbage collection', growth.rssSlopeCollected, 1),
    slopeRow('RSS slope, all samples', growth.rssSlope),
    slopeRow('the same without the pages of program files', growth.anonymousSlopeCollected),
    slopeRow('heap slope after garbage collection', growth.heapSlopeCollected),
    row(
      `RSS, of ${round(growth.rssMb.first)} at first and at most ${round(growth.rssMb.most)}`,
      round(growth.rssMb.last),
      undefined,
      'MB',
    ),
    row(
      `descriptors, second half over first half (${growth.fds.least}–${growth.fds.most})`,
      growth.fds.growth,
      5,
    ),
    row('event loop lag, worst 10 s: p99', round(growth.lagMs.p99), undefined, 'ms'),
    row('event loop lag, longest', round(growth.lagMs.max), undefined, 'ms'),
    row('CPU of the calm scheduler', round(growth.cpuPercent), undefined, '%'),
  ];
}

function row(name, value, limit, unit = '') {
  return {
    name,
    value,
    unit,
    limit: limit ?? null,
    met: limit === undefined || (value !== null && value <= limit),
  };
}

const round = (value) => Number(value.toFixed(2));

export function print(rows) {
  for (const { name, value, unit, limit, met } of rows) {
    const verdict = limit === null ? '       ' : met ? 'met    ' : 'NOT MET';
    console.log(`${verdict}  ${name}: ${value} ${unit}${limit === null ? '' : ` (limit ${limit})`}`);
  }
}
