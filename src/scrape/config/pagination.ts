import * as z from 'zod';
import { findAddressProblem } from './input-types.ts';
import { browserSelector, elementSelector, pageSelector } from './page-selector.ts';

/** Pages that load more rows in a browser, by clicks on a button or by scrolling. */
export type BrowserPagination =
  | { type: 'load_more'; selector: string; max_clicks?: number }
  | { type: 'infinite_scroll'; selector?: string; max_scrolls?: number };

export const BROWSER_PAGINATION_TYPES = ['load_more', 'infinite_scroll'] as const;

const loadMore = z.strictObject({
  type: z.literal('load_more').describe('Click a button in a browser until nothing more loads'),
  selector: browserSelector.describe('CSS selector of the button that loads more'),
  max_clicks: z.int().positive().optional().describe('Stop after this many clicks; default 100'),
});

const infiniteScroll = z.strictObject({
  type: z.literal('infinite_scroll').describe('Scroll in a browser until nothing more loads'),
  selector: browserSelector.optional().describe('CSS selector of the element to scroll; default: the page'),
  max_scrolls: z.int().positive().optional().describe('Stop after this many scrolls; default 100'),
});

function completeBrowserPagination(
  input: z.output<typeof loadMore> | z.output<typeof infiniteScroll>,
): BrowserPagination {
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

/** Whether a pagination requires scripts. */
export function isBrowserPagination<T extends { type: string }>(
  pagination: T,
): pagination is Extract<T, { type: 'load_more' | 'infinite_scroll' }> {
  return pagination.type === 'load_more' || pagination.type === 'infinite_scroll';
}

/** How to get from one page to the next. `max_pages` counts the pages fetched per start address. */
export type Pagination =
  | { type: 'none' }
  | { type: 'next_button'; selector: string; max_pages?: number }
  | { type: 'cursor'; selector: string; param_name: string; max_pages?: number }
  | { type: 'link_header'; max_pages?: number }
  | { type: 'url_param'; param_name: string; start_page: number; step: number; max_pages?: number }
  | { type: 'page_number'; url_template: string; start_page: number; end_page?: number; max_pages?: number }
  | BrowserPagination;

const maxPages = z.int().positive().optional().describe('Stop after this many pages');

const nextButton = z.strictObject({
  type: z.literal('next_button').describe('Follow a link until there is none'),
  selector: elementSelector.describe(
    'The link to the next page: CSS selector, XPath after xpath:, or JSONPath after json:',
  ),
  max_pages: maxPages,
});

const cursor = z.strictObject({
  type: z
    .literal('cursor')
    .describe('Put a value of the page into a parameter of the address, until there is none'),
  selector: pageSelector.describe(
    'Where the value is: JSONPath after json:, CSS selector, or XPath after xpath:',
  ),
  param_name: z.string().min(1).default('cursor').describe('Query parameter that takes the value'),
  max_pages: maxPages,
});

const linkHeader = z.strictObject({
  type: z.literal('link_header').describe('Follow the header Link: <…>; rel="next" (RFC 8288)'),
  max_pages: maxPages,
});

const urlParam = z
  .strictObject({
    type: z.literal('url_param').describe('Increase a parameter of the address'),
    param_name: z.string().min(1).optional().describe('Query parameter that counts the pages'),
    param: z.string().min(1).optional().describe('Older name of param_name'),
    start_page: z.int().nonnegative().default(1).describe('Value for the first page'),
    step: z.int().positive().default(1).describe('Added for each further page'),
    max_pages: maxPages,
  })
  .superRefine((input, context) => {
    if ((input.param_name === undefined) !== (input.param === undefined)) return;
    context.addIssue(
      input.param === undefined
        ? {
            code: 'custom',
            path: ['param_name'],
            message: 'is missing',
            params: { hint: 'Add: param_name: page' },
          }
        : { code: 'custom', path: ['param'], message: 'param and param_name are the same key: keep one' },
    );
  });

const pageNumber = z
  .strictObject({
    type: z.literal('page_number').describe('Put a number into an address'),
    url_template: z.string().describe('Address with {page} where the number goes'),
    start_page: z.int().nonnegative().default(1).describe('Number of the first page'),
    end_page: z.int().nonnegative().optional().describe('Last page, itself included'),
    max_pages: maxPages,
  })
  .superRefine((input, context) => {
    const problem = findTemplateProblem(input.url_template);
    if (problem !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['url_template'],
        message: problem.message,
        params: { hint: problem.hint },
      });
    }
    if (input.end_page !== undefined && input.end_page < input.start_page) {
      context.addIssue({
        code: 'custom',
        path: ['end_page'],
        message: `end_page ${input.end_page} is less than start_page ${input.start_page}`,
      });
    }
  });

function findTemplateProblem(template: string): { message: string; hint: string } | undefined {
  if (!template.includes('{page}')) {
    return {
      message: 'has no {page}',
      hint: 'Put {page} where the page number goes: "https://example.com/list?page={page}".',
    };
  }
  return findAddressProblem(template.replaceAll('{page}', '1'), template);
}

export const paginationInput = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none').describe('Read the starting pages only') }),
  nextButton,
  cursor,
  linkHeader,
  urlParam,
  pageNumber,
  loadMore,
  infiniteScroll,
]);

/** Resolves the older names. Absent keys stay absent. */
export function completePagination(input: z.output<typeof paginationInput> | undefined): Pagination {
  if (input === undefined || input.type === 'none') return { type: 'none' };
  if (isBrowserPagination(input)) return completeBrowserPagination(input);
  const limit = input.max_pages === undefined ? {} : { max_pages: input.max_pages };
  if (input.type === 'next_button') return { type: input.type, selector: input.selector, ...limit };
  if (input.type === 'link_header') return { type: input.type, ...limit };
  if (input.type === 'cursor')
    return { type: input.type, selector: input.selector, param_name: input.param_name, ...limit };
  if (input.type === 'url_param') {
    const { type, start_page, step } = input;
    return { type, param_name: input.param_name ?? input.param ?? 'page', start_page, step, ...limit };
  }
  const { type, url_template, start_page, end_page } = input;
  return { type, url_template, start_page, ...(end_page !== undefined && { end_page }), ...limit };
}
