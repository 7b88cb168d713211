import { expect, it, vi } from 'vitest';
import { late, loadLateModules } from '../../../src/core/lib/late-modules.ts';
import { waitFor } from '../../wait-for.ts';

it('loads a module when it is needed, and once', async () => {
  const load = vi.fn(async () => ({ answer: 42 }));
  const loadAnswer = late(load);
  expect(load).not.toHaveBeenCalled();
  expect(await loadAnswer()).toBe(await loadAnswer());
  expect(load).toHaveBeenCalledOnce();
});

it('tries again after a failure, which is the error of the call', async () => {
  const loadAnswer = late(
    vi.fn<() => Promise<object>>().mockRejectedValueOnce(new SyntaxError('no')).mockResolvedValue({}),
  );
  await expect(loadAnswer()).rejects.toThrow(SyntaxError);
  await expect(loadAnswer()).resolves.toEqual({});
});

it('loads all that are declared, with those that they declare in turn, whatever fails among them', async () => {
  const inner = vi.fn(async () => ({}));
  late(async () => {
    throw new Error('no');
  });
  late(async () => late(inner));
  await loadLateModules(0, new AbortController().signal);
  expect(inner).toHaveBeenCalledOnce();
});

it('loads no more once it is told to stop', async () => {
  const stop = new AbortController();
  const first = vi.fn(async () => stop.abort());
  const second = vi.fn(async () => ({}));
  late(first);
  late(second);
  await loadLateModules(0, stop.signal);
  await waitFor('the first one', () => first.mock.calls.length === 1);
  expect(second).not.toHaveBeenCalled();
});

it('says which file of a damaged installation is missing', async () => {
  const missing = Object.assign(new Error("Cannot find module '/x/dist/chunk-a.js' imported from /x/b.js"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(late(() => Promise.reject(missing))()).rejects.toMatchObject({
    code: 'internal',
    message: 'a file of QuickScrape is missing: chunk-a.js',
    cause: missing,
  });
});
