import * as z from 'zod';
import { browserSelector } from './page-selector.ts';

/** Pages that grow in a browser, by clicks on a button or by scrolling. */
export type GrowingPagination =
  | { type: 'load_more'; selector: string; max_clicks?: number }
  | { type: 'infinite_scroll'; selector?: string; max_scrolls?: number };

export const GROWING_TYPES = ['load_more', 'infinite_scroll'] as const;

export const loadMore = z.strictObject({
  type: z.literal('load_more').describe('Press a button in a browser until nothing more comes'),
  selector: browserSelector.describe('CSS selector of the button that loads more'),
  max_clicks: z.int().positive().optional().describe('Stop after this many clicks; default 100'),
});

export const infiniteScroll = z.strictObject({
  type: z.literal('infinite_scroll').describe('Scroll in a browser until nothing more comes'),
  selector: browserSelector.optional().describe('CSS selector of what is scrolled; default the page'),
  max_scrolls: z.int().positive().optional().describe('Stop after this many times; default 100'),
});

export function completeGrowing(
  input: z.output<typeof loadMore> | z.output<typeof infiniteScroll>,
): GrowingPagination {
  if (input.type === 'load_more') {
    const { type, selector, max_clicks } = input;
    return { type, selector, ...(max_clicks !== undefined && { max_clicks }) };
  }
  const { type, selector, max_scrolls } = input;
  return {
    type,
    ...(selector !== undefined && { selector }),
    ...(max_scrolls !== undefined && { max_scrolls }),
  };
}

/** Whether a pagination only works where scripts run. */
export function isGrowing<T extends { type: string }>(
  pagination: T,
): pagination is Extract<T, { type: 'load_more' | 'infinite_scroll' }> {
  return pagination.type === 'load_more' || pagination.type === 'infinite_scroll';
}
