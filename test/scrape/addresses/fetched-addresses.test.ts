import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoredStatus } from '../../../src/core/model/run-record.ts';
import { FetchedAddresses } from '../../../src/scrape/addresses/fetched-addresses.ts';
import { tempFolder } from '../../temp-folder.ts';

/** A job whose runs end as the test says. */
function job() {
  const file = join(tempFolder(), 'fetched.db');
  const statuses = new Map<string, StoredStatus>();
  const of = (run: string, isRetry = false) =>
    new FetchedAddresses(file, run, (id) => statuses.get(id), isRetry);
  return {
    file,
    of,
    take(run: string, ...urls: string[]) {
      statuses.set(run, 'running');
      return of(run).takeNew(urls);
    },
    end: (run: string, status: StoredStatus | undefined) =>
      status === undefined ? statuses.delete(run) : statuses.set(run, status),
  };
}

it('takes each address once it was fetched by a succeeded run', () => {
  const { take, end, file } = job();
  expect(take('1', 'a', 'b')).toEqual(['a', 'b']);
  end('1', 'succeeded');
  expect(take('2', 'b', 'c', 'a')).toEqual(['c']);
  end('2', 'succeeded');
  expect(take('3', 'a', 'b', 'c')).toEqual([]);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each<StoredStatus | undefined>(['failed', 'cancelled', 'timed_out', 'abandoned', undefined])(
  'takes the addresses again of a run that is %s',
  (status) => {
    const { take, end } = job();
    take('1', 'a');
    end('1', status);
    expect(take('2', 'a')).toEqual(['a']);
  },
);

it('gives the next attempt of a run the same addresses', () => {
  const { take, end } = job();
  take('1', 'a', 'b');
  expect(take('1', 'a', 'b')).toEqual(['a', 'b']);
  end('1', 'succeeded');
  expect(take('2', 'a', 'b')).toEqual([]);
});

it('gives no address to two runs at once, and keeps that of a run that fails for the next one', () => {
  const { take, end } = job();
  take('1', 'a', 'b');
  expect(take('2', 'a', 'b', 'c')).toEqual(['c']);
  end('2', 'succeeded');
  expect(take('3', 'a', 'b', 'c')).toEqual([]);
  end('1', 'failed');
  expect(take('4', 'a', 'b', 'c')).toEqual(['a', 'b']);
});

it('leaves what a run could not fetch to the next run, unless a later attempt fetched it', () => {
  const { take, end, of } = job();
  take('1', 'a', 'b', 'c');
  for (const url of ['a', 'b']) of('1').release(url);
  of('1').retake(['b', 'c']);
  end('1', 'succeeded');
  expect(take('2', 'a', 'b', 'c')).toEqual(['a']);
  end('2', 'succeeded');
  expect(take('3', 'a', 'b', 'c')).toEqual([]);
});

it('gives an address up that has failed in three succeeded runs, until a person repeats one', () => {
  const { take, end, of } = job();
  const fail = (run: string, status: StoredStatus) => {
    const taken = take(run, 'a');
    const failed = of(run);
    failed.takeNew(['a']);
    const outcome = [taken, failed.getFailedRuns('a'), failed.release('a')];
    end(run, status);
    return outcome;
  };
  expect(fail('1', 'failed')).toEqual([['a'], undefined, undefined]);
  expect(fail('2', 'succeeded')).toEqual([['a'], 0, undefined]);
  expect(fail('3', 'succeeded')).toEqual([['a'], 1, undefined]);
  expect(fail('4', 'timed_out')).toEqual([['a'], 2, 3]);
  expect(fail('5', 'succeeded')).toEqual([['a'], 2, 3]);
  expect(take('6', 'a', 'b')).toEqual(['b']);
  end('6', 'succeeded');
  const retry = of('7', true);
  expect(retry.takeNew(['a', 'b'])).toEqual(['a']);
  expect(retry.release('a')).toBe(4);
  end('7', 'succeeded');
  expect(take('8', 'a', 'b')).toEqual([]);
  end('8', 'succeeded');
  expect(of('9', true).takeNew(['a', 'b'])).toEqual(['a']);
  end('9', 'succeeded');
  expect(of('10', true).takeNew(['a', 'b'])).toEqual([]);
});

it('says what to do with a damaged file', () => {
  const { take, file } = job();
  writeFileSync(file, 'x'.repeat(10_000));
  expect(() => take('1', 'a')).toThrow(
    expect.objectContaining({
      kind: 'output',
      message: expect.stringContaining('fetched.db'),
      hint: expect.stringContaining('damaged'),
    }),
  );
});

it('whatever becomes of the runs, no address is lost, and none is taken after a run that fetched it', () => {
  const status = fc.constantFrom<StoredStatus>('succeeded', 'failed', 'cancelled');
  const addresses = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(fc.tuple(addresses, status), { maxLength: 8 }), (runs) => {
      const { take, end } = job();
      const done = new Set<string>();
      for (const [n, [urls, how]] of runs.entries()) {
        expect(take(String(n), ...urls)).toEqual(urls.filter((url) => !done.has(url)));
        end(String(n), how);
        if (how === 'succeeded') for (const url of urls) done.add(url);
      }
    }),
    { numRuns: 25 },
  );
});
