import { unavailable } from '../fs/unavailable.ts';
import { firstPosition, type RunQuery, readPosition, writePosition } from './history-position.ts';
import { journalRunOf } from './journal-runs.ts';
import { type JournalEntry, StartJournal } from './start-journal.ts';

/**
 * Tells the journal of starts what a connection has committed. What is noted within a transaction counts the history's
 * position up in it, and is written when it has been committed, all of it at once.
 */
export class JournalWriter {
  readonly #journal: StartJournal;
  readonly #runIds = new Set<string>();
  #isMarked = false;
  /** What is committed and could not be written yet. */
  #unwritten: JournalEntry[] = [];

  constructor(database: string) {
    this.#journal = new StartJournal(database);
  }

  /** Has a run told of as it is when the transaction ends. */
  note(runId: string): void {
    this.#runIds.add(runId);
  }

  /** Has told that something was decided that starts nothing. */
  mark(): void {
    this.#isMarked = true;
  }

  /** What was noted counts for nothing: its transaction has failed. */
  forget(): void {
    this.#runIds.clear();
    this.#isMarked = false;
  }

  /** Counts up for what was noted. Call it within the transaction, when all else is done. */
  countUp(ask: RunQuery): JournalEntry[] {
    const noted: Pick<JournalEntry, 'run'>[] = [];
    for (const runId of this.#runIds) {
      const run = journalRunOf(ask, runId);
      if (run) noted.push({ run });
    }
    if (noted.length === 0 && this.#isMarked) noted.push({});
    this.forget();
    if (noted.length === 0) return [];
    const from = readPosition(ask) ?? firstPosition();
    writePosition(ask, { ...from, count: from.count + noted.length });
    // Nobody else can be in a transaction now.
    this.#journal.rotateIfLarge();
    return noted.map((entry, n) => ({ ...entry, position: { ...from, count: from.count + n + 1 } }));
  }

  /**
   * Writes what has been committed; what cannot be written is kept for the next time.
   * @returns messages for people
   */
  flush(entries: readonly JournalEntry[]): string[] {
    if (entries.length === 0) return [];
    this.#unwritten.push(...entries);
    try {
      this.#write();
      return [];
    } catch (error) {
      return [`${this.#journal.file}, the journal of starts, cannot be written: ${(error as Error).message}`];
    }
  }

  /**
   * Makes sure that all that was committed is in the journal and on the disk.
   * @throws QuickscrapeError `store_unavailable`
   */
  sync(): void {
    if (this.#unwritten.length === 0) return;
    try {
      this.#write();
    } catch (error) {
      throw unavailable(`cannot write ${this.#journal.file}, without which no run starts`, error);
    }
  }

  #write(): void {
    // Of what only was decided nothing depends: the next start brings it to the disk.
    const isSynced = this.#unwritten.some(({ run }) => run !== undefined);
    this.#journal.append(this.#unwritten, isSynced);
    this.#unwritten = [];
  }
}
