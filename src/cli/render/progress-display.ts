import { Presets, SingleBar } from 'cli-progress';
import { pluralize } from '../../core/lib/text.ts';
import type { Terminal } from './terminal.ts';

export interface ProgressCounts {
  pages: number;
  items: number;
  /** `null` while the number of pages is unknown. */
  totalPages: number | null;
}

/** The interval of progress lines without a terminal, in milliseconds. */
const LINE_EVERY_MS = 10_000;

/**
 * Shows the progress of a run on stderr: on a terminal, a bar with the estimated end; elsewhere, a line from time to
 * time.
 */
export class ProgressDisplay {
  readonly #terminal: Terminal;
  readonly #label: string;
  #bar: SingleBar | undefined;
  #lineAt = performance.now();

  constructor(terminal: Terminal, label: string) {
    this.#terminal = terminal;
    this.#label = label;
  }

  update(counts: ProgressCounts): void {
    if (this.#terminal.isTerminal) this.#draw(counts);
    else if (performance.now() - this.#lineAt >= LINE_EVERY_MS) {
      this.#lineAt = performance.now();
      this.#terminal.write(`${this.#label}: ${formatCounts(counts)}\n`);
    }
  }

  /** Removes the bar from the screen. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #draw(counts: ProgressCounts): void {
    const total = counts.totalPages ?? 0;
    this.#bar ??= this.#newBar(counts);
    this.#bar.setTotal(Math.max(total, counts.pages, 1));
    this.#bar.update(total === 0 ? 0 : counts.pages, { words: formatCounts(counts) });
  }

  #newBar(counts: ProgressCounts): SingleBar {
    const known = counts.totalPages !== null;
    const bar = new SingleBar(
      {
        format: known
          ? `${this.#label} {bar} {percentage}% · {words} · {eta_formatted} left`
          : `${this.#label} · {words} · {duration_formatted}`,
        stream: process.stderr,
        clearOnComplete: true,
        // Not hidden: a second Ctrl-C ends the program at once, and the cursor would stay hidden.
        hideCursor: null,
        gracefulExit: false,
        etaBuffer: 50,
        barsize: 24,
        fps: 8,
      },
      Presets.shades_classic,
    );
    bar.start(Math.max(counts.totalPages ?? 0, 1), 0, { words: formatCounts(counts) });
    return bar;
  }
}

export function formatCounts({ pages, items, totalPages }: ProgressCounts): string {
  const of = totalPages === null ? '' : ` of ${totalPages.toLocaleString('en-US')}`;
  return `${pluralize(pages, 'page')}${of}, ${pluralize(items, 'item')}`;
}
