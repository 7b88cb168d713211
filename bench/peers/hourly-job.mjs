// What bench/scheduler sets the clock over beside the scheduler: one job of a library that is due each hour.
// Usage: croner|node-schedule MINUTE; it says "ready" when it waits, and "ran" when it runs.
import { productPackage } from '../peers.mjs';

const [library, minute] = process.argv.slice(2);
const rule = `${minute} * * * *`;
const ran = () => console.log('ran');
if (library === 'croner') {
  const { Cron } = await productPackage('croner');
  new Cron(rule, { timezone: 'Etc/UTC' }, ran);
} else {
  const { default: schedule } = await import('node-schedule');
  schedule.scheduleJob({ rule, tz: 'Etc/UTC' }, ran);
}
console.log('ready');
