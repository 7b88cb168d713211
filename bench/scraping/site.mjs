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

  /** Requests since the last call, and the seconds from the first of them to the last. */
  async seen() {
    this.#process.send('seen');
    const [{ from, to, requests }] = await once(this.#process, 'message');
    return { requests, seconds: (to - from) / 1000 };
  }

  async stop() {
    const exit = once(this.#process, 'exit');
    this.#process.disconnect();
    await exit;
  }
}
