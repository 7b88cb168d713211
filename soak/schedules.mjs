/** Periods in seconds that divide an hour: the occurrences are `t % period === offset`, in UTC, without a calendar. */
const PERIODS = [5, 10, 15, 20, 30, 60, 120, 180, 300, 600];

export function cronOf({ period, offset }) {
  if (period < 60) {
    const seconds = Array.from({ length: 60 / period }, (_, n) => offset + n * period);
    return `${seconds.join(',')} * * * * *`;
  }
  const minutes = Array.from(
    { length: 3600 / period },
    (_, n) => Math.floor(offset / 60) + (n * period) / 60,
  );
  return `${offset % 60} ${minutes.join(',')} * * * *`;
}

/** The occurrences in (from, to), epoch milliseconds. */
export function occurrencesIn({ period, offset }, from, to) {
  const step = period * 1000;
  const first = Math.floor((from - offset * 1000) / step + 1) * step + offset * 1000;
  const found = [];
  for (let at = first; at < to; at += step) found.push(at);
  return found;
}

export function isOccurrence({ period, offset }, at) {
  return at % (period * 1000) === offset * 1000;
}

/** Periods for `count` jobs that make about `rate` runs a second together, from every few seconds to minutes. */
export function periodsFor(count, rate, random) {
  const base = PERIODS.find((period) => count / period <= rate * 0.6) ?? PERIODS.at(-1);
  const periods = Array.from({ length: count }, () => base);
  const shorter = PERIODS.filter((period) => period < base);
  let sum = count / base;
  for (let index = 0; shorter.length > 0 && index < count; index += 1) {
    const period = random.pick(shorter);
    const more = 1 / period - 1 / base;
    if (sum + more > rate) continue;
    periods[index] = period;
    sum += more;
  }
  return periods;
}
