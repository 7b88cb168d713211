// What jobs have: schedules of every kind, of which no two among thousands need be the same, in the zones of the world.
const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Europe/London', 'America/Sao_Paulo'],
  ...[
    'Asia/Kolkata',
    'Australia/Sydney',
    'America/Los_Angeles',
    'Africa/Cairo',
    'Pacific/Auckland',
    'Asia/Shanghai',
  ],
];
const two = (number) => String(number).padStart(2, '0');

/** The schedule of job number `index`, as it stands on disk, and the same as a cron pattern of five fields. */
export function mixed(index) {
  const timezone = ZONES[index % ZONES.length];
  const minute = (index * 7) % 60;
  const hour = Math.floor(index / 60) % 24;
  const time = `${two(hour)}:${two(minute)}`;
  const day = Math.floor(index / 1440);
  switch (index % 10) {
    case 0:
      return { dict: { type: 'hourly', minute, timezone }, cron: `${minute} * * * *` };
    case 1:
      return {
        dict: { type: 'weekly', day_of_week: day % 7, time, timezone },
        cron: `${minute} ${hour} * * ${((day % 7) + 1) % 7}`,
      };
    case 2:
      return {
        dict: { type: 'monthly', day_of_month: 1 + (day % 28), time, timezone },
        cron: `${minute} ${hour} ${1 + (day % 28)} * *`,
      };
    case 3:
      return custom(`${minute} ${hour} * * 1-5`, timezone);
    case 4:
      return custom(`${minute % 30},${30 + (minute % 30)} ${hour % 12}-${12 + (hour % 12)} * * *`, timezone);
    case 5:
      return custom(`${minute} ${hour} L ${1 + (day % 12)} *`, timezone);
    case 6:
      return custom(
        `${minute} ${hour % 6}-23/6 ${1 + (day % 28)}-${Math.min(31, 4 + (day % 28))} * *`,
        timezone,
      );
    default:
      return { dict: { type: 'daily', time, timezone }, cron: `${minute} ${hour} * * *` };
  }
}

function custom(cron, timezone) {
  return { dict: { type: 'custom', cron_expression: cron, timezone }, cron };
}
