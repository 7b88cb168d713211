import { isProgramMissing, isProgramReplaced } from '../../core/lib/program-replaced.ts';

type Log = (level: 'info' | 'warn', message: string) => void;

/** Watches the files of the program for a worker, which may run for months: new processes execute its runs. */
export class ProgramWatch {
  readonly #log: Log;
  readonly #onChange: () => void;
  #wasMissing = false;
  #wasReplaced = false;

  /** @param onChange called by {@link check} when the files are gone, and when they are there again */
  constructor(log: Log, onChange: () => void) {
    this.#log = log;
    this.#onChange = onChange;
  }

  /** Whether no process can be started now: an upgrade goes on, or the program was removed. */
  get isMissing(): boolean {
    return isProgramMissing();
  }

  /** Logs what has changed since the last check. Call it often: an upgrade takes seconds. */
  check(): void {
    const { isMissing } = this;
    if (isMissing !== this.#wasMissing) {
      this.#wasMissing = isMissing;
      if (isMissing)
        this.#log('warn', 'the files of QuickScrape are gone: no runs are taken until they are back');
      else this.#log('info', 'the files of QuickScrape are back');
      this.#onChange();
    }
    if (isMissing || this.#wasReplaced || !isProgramReplaced()) return;
    this.#wasReplaced = true;
    this.#log(
      'warn',
      'QuickScrape was upgraded while this worker ran. Restart it: stop its service or press Ctrl-C, which lets it finish its runs, and start it as before',
    );
  }
}
