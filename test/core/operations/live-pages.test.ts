import { expect, it } from 'vitest';
import { LivePages } from '../../../src/core/operations/live-pages.ts';

function page(whole: string) {
  const facts = { url: 'https://a.example/', fetched_at: 0, content_type: 'text/html', bytes: whole.length };
  const rest = { source: 'live' as const, rendered: false, next_offset: 10, revision: 'r', notes: [] };
  return { ...facts, ...rest, content: whole.slice(0, 10), whole };
}

it('shows any part of a kept page, cleaned, and nothing for another id', () => {
  const pages = new LivePages();
  const id = pages.keep(page(`${'a'.repeat(50)}\u202e${'b'.repeat(50)}`));
  expect(pages.show(id, 45, 22)).toMatchObject({
    content: expect.stringMatching(/^a{5}.?b+$/u),
    next_offset: expect.any(Number),
  });
  expect(pages.show(id, 45, 22)?.content).not.toContain('\u202e');
  expect(pages.show(id, 45, 22)).not.toHaveProperty('whole');
  expect(pages.show(id, 95, 1_000)).toMatchObject({ content: 'bbbbbb', next_offset: null });
  expect(pages.show(id, 1e9, 1_000)).toMatchObject({ content: '', next_offset: null });
  expect(pages.show('x', 0, 1_000)).toBeUndefined();
});

it('drops the oldest when all are longer than four million characters', () => {
  const pages = new LivePages();
  const ids = Array.from({ length: 5 }, () => pages.keep(page('x'.repeat(1_000_000))));
  expect(ids.map((id) => pages.show(id, 0, 100) !== undefined)).toEqual([false, true, true, true, true]);
});
