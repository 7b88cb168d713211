// Stands for cron-parser and its luxon in the bundle: BullMQ needs them for schedules of its own, and has none here.
export const CronExpressionParser = {
  parse() {
    throw new Error('cron-parser is not bundled: BullMQ has no schedules here');
  },
};
