import { expect, it, vi } from 'vitest';
import { once } from '../../../src/core/lib/once.ts';

it('makes nothing before it is asked, and the same from then on', () => {
  const make = vi.fn(() => ({}));
  const made = once(make);
  expect(make).not.toHaveBeenCalled();
  expect(made()).toBe(made());
  expect(make).toHaveBeenCalledOnce();
});

it('makes it anew where making it failed', () => {
  const make = vi
    .fn<() => object>()
    .mockImplementationOnce(() => {
      throw new Error('not yet');
    })
    .mockReturnValue({});
  const made = once(make);
  expect(made).toThrow('not yet');
  expect(made()).toBe(made());
});
