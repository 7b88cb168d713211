import { expect, it } from 'vitest';
import { createGuardedConnector } from '../../../src/scrape/http/guarded-connector.ts';
import { AddressPolicy } from '../../../src/scrape/lib/address-policy.ts';
import { withSite } from './with-site.ts';

const { site } = withSite();

it('a connection that is not open yet ends with the run: it would keep the process alive until its time-out', async () => {
  const end = new AbortController();
  const connect = createGuardedConnector(new AddressPolicy([site().url('/')], []), 30_000, end.signal);
  const outcome = new Promise((resolve) => {
    const target = { protocol: 'http:', hostname: '127.0.0.1', host: '127.0.0.1', port: `${site().port}` };
    connect(target, (...[error]) => resolve(error));
  });
  end.abort();
  expect(await outcome).toMatchObject({ message: 'the run has ended' });
});
