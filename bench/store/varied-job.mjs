const ZONES = [
  'Europe/Berlin',
  'UTC',
  'America/New_York',
  'Asia/Tokyo',
  'Australia/Sydney',
  'Asia/Kolkata',
  'America/Sao_Paulo',
  'Europe/London',
];

/** What differs from job to job: a good 3,000 schedules of all kinds in eight zones, tags, texts, limits. */
export function variedJob(index) {
  const timezone = ZONES[index % ZONES.length];
  const created_at = new Date(Date.UTC(2026, 0, 1) + index * 61_007).toISOString();
  return {
    created_at,
    updated_at: index % 2 === 0 ? created_at : new Date(Date.UTC(2026, 5, 1) + index * 7_919).toISOString(),
    schedule: { ...schedule(index), timezone },
    description: `Prices of shop ${index % 977}`,
    tags: [`shop-${index % 211}`, ...(index % 3 === 0 ? ['daily', 'prices'] : [])],
    ...(index % 5 === 0 && { timeout: 600, max_retries: index % 4 }),
    ...(index % 7 === 0 && { output_format: 'csv', output_path: 'prices/{date}.csv' }),
    ...(index % 11 === 0 && { expect: { min_items: 10 } }),
    ...(index % 13 === 0 && { on_failure: ['notify-send', 'QuickScrape', '{job_id}'] }),
    ...(index % 17 === 0 && { enabled: false }),
  };
}

function schedule(index) {
  const [hour, minute] = [(index * 7) % 24, (index % 12) * 5];
  const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
  const kinds = [
    { type: 'daily', time },
    { type: 'custom', cron_expression: `${minute} ${hour} * * 1-5` },
    { type: 'weekly', day_of_week: index % 7, time },
    { type: 'hourly', minute },
    { type: 'monthly', day_of_month: (index % 28) + 1, time },
    { type: 'custom', cron_expression: `*/${5 + (index % 10)} 8-18 * * *` },
  ];
  return kinds[Math.floor(index / ZONES.length) % kinds.length];
}
