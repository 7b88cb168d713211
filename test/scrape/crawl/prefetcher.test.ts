import { describe, expect, it } from 'vitest';
import { Prefetcher } from '../../../src/scrape/crawl/prefetcher.ts';

/** Pages that come when they are let. */
function slowPages(signal = new AbortController().signal, width = 1) {
  const asked: string[] = [];
  const open = new Map<string, { come(): void; fail(error: Error): void }>();
  const pages = new Prefetcher<string>(
    (url, stop) => {
      asked.push(url);
      return new Promise((resolve, reject) => {
        open.set(url, { come: () => resolve(`page ${url}`), fail: reject });
        stop.addEventListener('abort', () => reject(stop.reason));
      });
    },
    signal,
    () => width,
  );
  const at = (url: string) => {
    const request = open.get(url);
    if (request === undefined) throw new Error(`nobody asked for ${url}`);
    return request;
  };
  return {
    pages,
    asked,
    come: (url: string) => at(url).come(),
    fail: (url: string, error: Error) => at(url).fail(error),
  };
}

describe('reading ahead', () => {
  it('asks for the next page once the one before is there, and before that is read', async () => {
    const { pages, asked, come } = slowPages();
    const first = pages.get('a', ['b']);
    expect(asked).toEqual(['a']);
    come('a');
    expect(await first).toBe('page a');
    expect(asked).toEqual(['a', 'b']);
    const second = pages.get('b', ['c']);
    come('b');
    expect(await second).toBe('page b');
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('asks for no page after one that has failed', async () => {
    const { pages, asked, fail } = slowPages();
    const first = pages.get('a', ['b']);
    fail('a', new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    expect(asked).toEqual(['a']);
  });

  it('reports a failed page only to the caller that asks for it', async () => {
    const { pages, asked, come, fail } = slowPages();
    const first = pages.get('a', ['b']);
    come('a');
    await first;
    fail('b', new Error('gone'));
    await expect(pages.get('b')).rejects.toThrow('gone');
    const again = pages.get('b');
    come('b');
    expect(await again).toBe('page b');
    expect(asked).toEqual(['a', 'b', 'b']);
  });

  it('fetches anew when another page than the announced one is wanted', async () => {
    const { pages, asked, come } = slowPages();
    const first = pages.get('a', ['b']);
    come('a');
    await first;
    const other = pages.get('z');
    come('z');
    expect(await other).toBe('page z');
    expect(asked).toEqual(['a', 'b', 'z']);
  });

  it('hands over the page that was read ahead, and nothing else', async () => {
    const { pages, asked, come } = slowPages();
    const first = pages.get('a', ['b']);
    come('a');
    await first;
    expect(await pages.take('z')).toBeUndefined();
    const taken = pages.take('b');
    come('b');
    expect(await taken).toBe('page b');
    expect(await pages.take('b')).toBeUndefined();
    expect(asked).toEqual(['a', 'b']);
  });

  it('cancels active requests at its end, and when the run is cancelled', async () => {
    const ended = slowPages();
    const first = ended.pages.get('a', ['b']);
    ended.come('a');
    await first;
    ended.pages.end();
    await expect(ended.pages.get('b')).rejects.toThrow();
    const run = new AbortController();
    const cancelled = slowPages(run.signal).pages.get('a');
    run.abort(new Error('called off'));
    await expect(cancelled).rejects.toThrow('called off');
  });
});

describe('reading several pages ahead', () => {
  it('asks for another page whenever one arrives, until twice as many wait for their turn', async () => {
    const { pages, asked, come } = slowPages(undefined, 2);
    const first = pages.get('a', 'bcdefgh');
    expect(asked).toEqual(['a', 'b']);
    for (const url of 'bcde') {
      come(url);
      await new Promise(setImmediate);
    }
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e']);
    come('a');
    expect(await first).toBe('page a');
    await pages.get('b', 'cdefgh');
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('shows a page that has arrived before its turn, and keeps it', async () => {
    const { pages, asked, come } = slowPages(undefined, 2);
    const first = pages.get('a', 'b');
    expect(pages.peek('b')).toBeUndefined();
    come('b');
    come('a');
    await first;
    expect(pages.peek('b')).toBe('page b');
    expect(await pages.get('b')).toBe('page b');
    expect(pages.peek('b')).toBeUndefined();
    expect(asked).toEqual(['a', 'b']);
  });
});
