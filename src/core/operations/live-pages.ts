import { randomUUID } from 'node:crypto';
import { cutContent } from '../configs/cut-content.ts';
import type { PageResponse } from '../configs/shown-page.ts';
import { sanitizeLines } from '../lib/sanitize-text.ts';

/** How long the content of a live page is kept for its cursors. */
const KEPT_MS = 5 * 60_000;
/** The most characters of all contents. */
const MAX_CHARACTERS = 4_000_000;

/** What one call has shown the beginning of. Values of secrets are already concealed. */
type LivePage = Omit<PageResponse, 'whole'> & { whole: string };

/**
 * The contents of live pages that a server has shown the beginning of. A cursor continues there, so that the site is
 * asked once, and the parts belong together.
 */
export class LivePages {
  /** In the order in which they were shown. */
  readonly #pages = new Map<string, { page: LivePage; timer: NodeJS.Timeout }>();

  /** Keeps a page for its cursors. Returns its id, which cannot be guessed. */
  keep(page: LivePage): string {
    const id = randomUUID();
    const timer = setTimeout(() => this.#pages.delete(id), KEPT_MS);
    timer.unref();
    this.#pages.set(id, { page, timer });
    let characters = 0;
    for (const [older, { page: kept, timer: itsTimer }] of [...this.#pages].reverse()) {
      characters += kept.whole.length;
      if (characters <= MAX_CHARACTERS || older === id) continue;
      clearTimeout(itsTimer);
      this.#pages.delete(older);
    }
    return id;
  }

  /** A part of a page; `undefined` if it is no longer kept. */
  show(id: string, offset: number, maxBytes: number): PageResponse | undefined {
    const kept = this.#pages.get(id);
    if (kept === undefined) return undefined;
    const { whole, ...facts } = kept.page;
    const part = cutContent(whole, Math.min(offset, whole.length), maxBytes);
    return { ...facts, ...part, content: sanitizeLines(part.content) };
  }
}
