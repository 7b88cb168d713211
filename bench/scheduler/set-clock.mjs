import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file));

/** Why no clock can be set here; `undefined` where it can. */
export const NO_CLOCK =
  LIBRARY === undefined
    ? 'a clock that is set: not measured, libfaketime is not there: apt-get install faketime'
    : undefined;

/** The wall clock of processes: their monotonic clock stays the real one. */
export class SetClock {
  #file;
  #ahead = 0;

  /** @param folder where it may keep what it says */
  constructor(folder) {
    this.#file = join(folder, 'faketime');
    this.advance(0);
  }

  get env() {
    return {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1',
      NO_FAKE_STAT: '1',
    };
  }

  advance(ms) {
    this.#ahead += ms;
    writeFileSync(`${this.#file}.new`, `+${(this.#ahead / 1000).toFixed(3)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
