import { fork } from 'node:child_process';
import { once } from 'node:events';
import { bundledPeer } from '../bundled-peer.mjs';

/** Where `apt-get install postgresql-doc-17` puts the manual. */
export const MANUAL = '/usr/share/doc/postgresql-doc-17/html';

/** A site in a process of its own (bench/peers/scraped-site.mjs). */
export class ScrapedSite {
  #process;
  url;

  constructor(process, url) {
    this.#process = process;
    this.url = url;
  }

  /**
   * @param set of pages, `books` or `manual`
   * @param count of the pages that `next` links lead through, or `all`
   * @param folder for its program
   */
  static async start(set, count, folder) {
    const args = [set, String(count), ...(set === 'manual' ? [MANUAL] : [])];
    const child = fork(await bundledPeer('scraped-site', folder), args);
    const [{ url }] = await once(child, 'message');
    return new ScrapedSite(child, url);
  }

  /** Since the last call: how many requests came, and when the first of them did, in epoch milliseconds. */
  async seen() {
    this.#process.send('seen');
    const [seen] = await once(this.#process, 'message');
    return seen;
  }

  async stop() {
    const exit = once(this.#process, 'exit');
    this.#process.disconnect();
    await exit;
  }
}
