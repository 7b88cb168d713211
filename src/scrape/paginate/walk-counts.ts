import { hash } from 'node:crypto';
import * as z from 'zod';
import { once } from '../../core/lib/once.ts';
import type { RunShape } from '../../core/model/run-shape.ts';
import type { Page } from '../lib/page.ts';
import { hashRows, type Visit, type WalkEnd } from './walk.ts';

const countsByNumber = once(() => z.record(z.string(), z.number()));

/** The counts of {@link WalkCounts}, as saved for the next attempt. */
export const walkCountsSchema = once(() =>
  z.object({
    pages: z.number(),
    barren: z.number(),
    alike: z.number(),
    /** Hash of the title of the last page without rows; `null` if it has no title. */
    barrenTitle: z.string().nullable(),
    innerBarren: z.number(),
    /** By number of rows: how many pages with that many rows were followed by another page. */
    inner: countsByNumber(),
    single: countsByNumber(),
    led: z.number(),
    ends: z.number(),
    further: z.number(),
    back: z.number(),
    bareEnds: z.number(),
    repeats: z.number(),
    steps: z.number(),
    rows: z.number(),
    links: z.number(),
    outside: countsByNumber(),
    /** The last page. It is not known yet whether the walk continues from it. */
    last: z
      .object({
        start: z.number(),
        pages: z.number(),
        rows: z.number(),
        mark: z.string(),
        end: z.object({ by: z.enum(['nothing', 'disabled', 'back']), further: z.boolean() }).nullable(),
      })
      .nullable(),
  }),
);

export type WalkCountsState = z.output<ReturnType<typeof walkCountsSchema>>;

const NO_ROWS_HASH = hashRows([]);

/** Collects statistics of how a run walks from page to page. */
export class WalkCounts {
  #state: WalkCountsState = {
    ...{
      pages: 0,
      barren: 0,
      alike: 0,
      barrenTitle: null,
      innerBarren: 0,
      inner: {},
      single: {},
      led: 0,
      ends: 0,
      further: 0,
      back: 0,
    },
    ...{ bareEnds: 0, repeats: 0, steps: 0, rows: 0, links: 0, outside: {}, last: null },
  };

  /** @returns whether the page has the same rows as the page before, from the same start address */
  add({ page, rows, links = [], found, position, end }: Visit): boolean {
    const state = this.#state;
    const { last } = state;
    const { start = -state.pages - 1, pages = 1 } = position ?? {};
    const mark = position?.rows ?? hashRows(rows);
    const goesOn = last !== null && last.start === start && last.pages + 1 === pages;
    if (goesOn) this.#addInner(last.rows, last.pages);
    else this.#close();
    const isRepeat = goesOn && mark !== NO_ROWS_HASH && mark === last.mark;
    state.pages += 1;
    if (rows.length === 0) this.#addBarren(page);
    if (isRepeat) state.repeats += 1;
    state.rows += rows.length;
    state.steps += found.steps ?? 0;
    state.links += links.filter((link) => link !== null).length;
    for (const [field, count] of Object.entries(found.outside ?? {})) increase(state.outside, field, count);
    state.last = { start, pages, rows: rows.length, mark, end: end === undefined ? null : toEnd(end) };
    return isRepeat;
  }

  /** Records that the walk ends after the page that was added last. */
  end(end: WalkEnd): void {
    if (this.#state.last !== null) this.#state.last.end = toEnd(end);
  }

  state(): WalkCountsState {
    return this.#state;
  }

  restore(state: WalkCountsState): void {
    this.#state = structuredClone(state);
  }

  /** The statistics of the run, as if it had finished. */
  shape(): Omit<RunShape, 'extent' | 'sitemap'> {
    const done = new WalkCounts();
    done.restore(this.#state);
    done.#close();
    const { inner, last: _, barrenTitle: __, ...counts } = done.#state;
    const sizes = Object.entries(inner).map(([rows, count]) => ({ rows: Number(rows), count }));
    const total = sizes.reduce((sum, { count }) => sum + count, 0);
    return { ...counts, inner: total, full: lowerQuartile(sizes, total) };
  }

  #addBarren({ $ }: Page): void {
    const state = this.#state;
    state.barren += 1;
    const title = $('title').first().text().trim();
    const mark = title === '' ? null : hash('sha256', title, 'base64');
    if (mark !== null && mark === state.barrenTitle) state.alike += 1;
    state.barrenTitle = mark;
  }

  #addInner(rows: number, pages: number): void {
    const state = this.#state;
    increase(state.inner, String(rows));
    if (rows === 0) state.innerBarren += 1;
    if (pages === 1) state.led += 1;
  }

  /** Counts the last page as the end of its walk. */
  #close(): void {
    const state = this.#state;
    const { last } = state;
    state.last = null;
    if (last === null || last.end === null) return;
    state.ends += 1;
    if (last.end.further) state.further += 1;
    if (last.end.by === 'back') state.back += 1;
    if (last.pages > 1 && last.rows === 0) state.bareEnds += 1;
    if (last.pages === 1 && last.end.by !== 'disabled') increase(state.single, String(last.rows));
  }
}

function toEnd({ by, further }: WalkEnd): NonNullable<NonNullable<WalkCountsState['last']>['end']> {
  return { by, further: further !== undefined };
}

function increase(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0) + by;
}

function lowerQuartile(sizes: readonly { rows: number; count: number }[], total: number): number | null {
  let before = 0;
  for (const { rows, count } of sizes.toSorted((a, b) => a.rows - b.rows)) {
    before += count;
    if (before * 4 >= total) return rows;
  }
  return null;
}
