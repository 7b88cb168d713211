import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../src/core/lib/clock.ts';
import { systemClock } from '../src/core/lib/clock.ts';

const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file));

/** Whether real processes can be given another wall clock here: libfaketime (Debian's package `faketime`). */
export const canFakeTime = LIBRARY !== undefined;

/**
 * A wall clock for real processes, which can be set while they run. Their monotonic clock stays the real one. It is a
 * {@link Clock} itself, for the test's own workspace.
 */
export class FakedTime implements Clock {
  readonly #file: string;
  #offset: number;
  /** The latest time that it has shown, epoch milliseconds. */
  latest = 0;

  /** @param folder where the file lies by which processes are told @param at ISO 8601, the time at first */
  constructor(folder: string, at: string) {
    this.#file = join(folder, 'faketime');
    this.#offset = Date.parse(at) - Date.now();
    this.#write(this.#offset);
  }

  /** What a process needs in its environment to live by this clock; its children inherit it. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: LIBRARY ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1',
      // Files keep their real times.
      NO_FAKE_STAT: '1',
    };
  }

  set(at: string | number): void {
    this.#write(new Date(at).getTime() - Date.now());
  }

  step(ms: number): void {
    this.#write(this.#offset + ms);
  }

  now(): number {
    const now = Date.now() + this.#offset;
    this.latest = Math.max(this.latest, now);
    return now;
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  setTimer(wake: () => void, ms: number): () => void {
    return systemClock.setTimer(wake, ms);
  }

  #write(offset: number): void {
    this.now();
    this.#offset = offset;
    const seconds = offset / 1000;
    writeFileSync(`${this.#file}.new`, `${seconds < 0 ? '' : '+'}${seconds.toFixed(3)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
    this.now();
  }
}
