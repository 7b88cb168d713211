import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import type { JsonValue, Page } from '../../../src/scrape/lib/page.ts';
import { findDataPagination } from '../../../src/scrape/suggest/find-data-pagination.ts';

function paginationOf(data: JsonValue, { query = '', link }: { query?: string; link?: string } = {}) {
  const url = `http://api.example/items${query}`;
  const page: Page = {
    ...loadPage(Buffer.from(JSON.stringify(data)), 'application/json', url),
    ...(link !== undefined && { linkHeader: link }),
  };
  return findDataPagination(page, data, 10);
}

describe('the way from one answer to the next', () => {
  it.each([
    [{ meta: { next_cursor: 'abc' } }, '$.meta.next_cursor', 'cursor'],
    [{ nextPageToken: 'abc' }, '$.nextPageToken', 'pageToken'],
    [{ paging: { after: 'abc' } }, '$.paging.after', 'after'],
    [{ next: 'abc' }, '$.next', 'cursor'],
    [{ next_page: 2 }, '$.next_page', 'page'],
  ])('is a token in %j', (data, path, param_name) => {
    expect(paginationOf(data)).toEqual({ type: 'cursor', selector: `json:${path}`, param_name });
  });

  it('is a token under the name that the address has for it', () => {
    expect(paginationOf({ next_pageToken: 'b' }, { query: '?PageToken=a' })).toMatchObject({
      param_name: 'PageToken',
    });
  });

  it('is a number of the page, as long as there are more', () => {
    const pages = { type: 'url_param', param_name: 'page', start_page: 1, step: 1 };
    expect(paginationOf({ page: 1, total_pages: 3 })).toEqual(pages);
    expect(paginationOf({ meta: { current_page: 1, has_more: true } })).toEqual(pages);
    expect(paginationOf({ page: 1, pages: 3 }, { query: '?p=1&pageNo=1' })).toEqual({
      ...pages,
      param_name: 'pageNo',
    });
    expect(paginationOf({ page: 3, total_pages: 3 })).toBeUndefined();
  });

  it('is an offset, in steps of the rows that there are', () => {
    expect(paginationOf({ total: 90, offset: 20, limit: 10 })).toEqual({
      ...{ type: 'url_param', param_name: 'offset', start_page: 20, step: 10 },
    });
    expect(paginationOf({ total: 30, offset: 20, limit: 10 })).toBeUndefined();
  });

  it('is the header Link, if it names a next page', () => {
    expect(paginationOf([], { link: '<?page=2>; rel="next"' })).toEqual({ type: 'link_header' });
    expect(paginationOf([], { link: '<?page=1>; rel="prev"' })).toBeUndefined();
  });

  it.each([
    [{ next: null }],
    [{ next_cursor: '' }],
    [{ total: 90 }],
    [{ data: { page: 1, pages: 2 } }],
    ['x'],
    [null],
  ])('is nowhere in %j', (data) => {
    expect(paginationOf(data)).toBeUndefined();
  });
});
