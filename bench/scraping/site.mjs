import { fork } from 'node:child_process';
import { once } from 'node:events';
import { bundledPeer } from '../bundled-peer.mjs';

/** A site in a process of its own (bench/peers/scraped-site.mjs). */
export class ScrapedSite {
  #process;
  url;

  constructor(process, url) {
    this.#process = process;
    this.url = url;
  }

  /** @param args `['books']`, or `['manual', FOLDER]` @param folder for its program */
  static async start(args, folder) {
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
