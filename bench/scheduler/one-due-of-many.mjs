import { setTimeout as delay } from 'node:timers/promises';
import { JobManager, JobSchedule } from '../../dist/index.js';
import { jobHome, removeHome } from '../job-home.mjs';
import { OnePageSite } from './one-page-site.mjs';
import { startedScheduler } from './program.mjs';

/** All but one job of a home: once a year, half a year from now. */
const FAR = JobSchedule.custom(`0 9 1 ${((new Date().getMonth() + 6) % 12) + 1} *`, { timezone: 'Etc/UTC' });

/** A home with a running scheduler, of whose jobs one is due every few seconds, and a site that sees its runs. */
export class OneDueOfMany {
  jobs;
  due = [];
  asked = [];
  #offset;
  #period;
  #site = new OnePageSite();
  #home;
  #manager;
  #scheduler;

  /** @param offset and `period`, in seconds: when in each period of a minute the job is due */
  constructor(jobs, offset, period) {
    this.jobs = jobs;
    this.#offset = offset * 1000;
    this.#period = period * 1000;
  }

  async start() {
    const url = await this.#site.listening();
    const seconds = [];
    for (let at = this.#offset; at < 60_000; at += this.#period) seconds.push(at / 1000);
    const often = JobSchedule.custom(`${seconds} * * * * *`, { timezone: 'Etc/UTC' });
    const own = (index) => (index === 0 ? { overlap: 'allow', schedule: often.toDict() } : {});
    this.#home = await jobHome(this.jobs, own, {
      schedule: FAR,
      configs: { prices: `url: ${url}\nitem: li\nselectors: { name: b }\n` },
    });
    this.#manager = new JobManager({ home: this.#home });
    this.#scheduler = (await startedScheduler(this.#home)).scheduler;
  }

  /** The next one that there is still time for, epoch milliseconds. */
  nextOccurrence() {
    const from = Date.now() + 200 - this.#offset;
    return Math.ceil(from / this.#period) * this.#period + this.#offset;
  }

  async waitForDue() {
    const occurrence = this.nextOccurrence();
    const page = this.#site.pageAfter(occurrence);
    this.due.push((await this.#site.requestAfter(occurrence)) - occurrence);
    // It has asked for all that it is going to.
    await page;
    await delay(500);
  }

  async askForRun() {
    const job = await this.#manager.getJob('prices-00000');
    const at = Date.now();
    const run = job.run();
    this.asked.push((await this.#site.requestAfter(at)) - at);
    await run;
  }

  async end() {
    await this.#scheduler?.end();
    await this.#manager?.close();
    this.#site.close();
    if (this.#home) await removeHome(this.#home);
  }
}
