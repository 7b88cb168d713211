// What bench/scheduler compares an idle scheduler with: a process with nothing but so many jobs of a library, none of them
// due. Usage: LIBRARY COUNT RULE ZONE; it says "ready" when it has made them, and stays.
import { fileURLToPath } from 'node:url';
import { productPackage } from '../peers.mjs';

const [library, count, rule, zone] = process.argv.slice(2);
const all = { length: Number(count) };
const nothing = () => {};
const kept = [];

const make = {
  async croner() {
    const { Cron } = await productPackage('croner');
    kept.push(...Array.from(all, () => new Cron(rule, { timezone: zone }, nothing)));
  },
  async 'node-schedule'() {
    const { default: schedule } = await import('node-schedule');
    kept.push(...Array.from(all, () => schedule.scheduleJob({ rule, tz: zone }, nothing)));
  },
  async bree() {
    const { default: Bree } = await import('bree');
    const path = fileURLToPath(import.meta.url);
    const jobs = Array.from(all, (_, index) => ({ name: `job-${index}`, path, cron: rule, timezone: zone }));
    const bree = new Bree({ root: false, logger: false, jobs });
    await bree.start();
    kept.push(bree);
  },
  async 'toad-scheduler'() {
    const { CronJob, Task, ToadScheduler } = await import('toad-scheduler');
    const scheduler = new ToadScheduler();
    for (let index = 0; index < all.length; index += 1)
      scheduler.addCronJob(
        new CronJob({ cronExpression: rule, timezone: zone }, new Task(`job-${index}`, nothing), {
          id: `job-${index}`,
        }),
      );
    kept.push(scheduler);
  },
};
await make[library]();
console.log('ready');
// One without a job would end.
setInterval(nothing, 2 ** 31 - 1);
