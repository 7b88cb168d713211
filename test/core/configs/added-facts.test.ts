import { expect, it } from 'vitest';
import { addedAccess, type ConfigAccess } from '../../../src/core/configs/config-access.ts';

const STORED: ConfigAccess = {
  privateHosts: ['nas'],
  outputPath: '/srv/prices.csv',
  caFile: '/etc/ssl/ours.pem',
  addressFiles: ['/srv/ids.csv'],
  addressJob: null,
  variables: ['TOKEN'],
  references: [{ path: 'headers.Authorization', text: 'Bearer ${TOKEN}', ways: '' }],
  addresses: ['https://shop.example/'],
  needsBrowser: false,
  countedBy: null,
  concurrency: null,
  secrets: [],
  headers: [],
  request: null,
};

it('finds nothing new in the same secret in the same place for the same addresses, but for private hosts', () => {
  expect(addedAccess(STORED, STORED)).toEqual({
    ...STORED,
    outputPath: null,
    caFile: null,
    addressFiles: [],
    variables: [],
    references: [],
    movedSecrets: [],
  });
});

it('finds a written secret moved that the stored text sends elsewhere, and none that only the new text has', () => {
  const secret = { path: 'authentication.password', text: 'hunter2', ways: 'form' };
  const stored = { ...STORED, secrets: [secret] };
  const moved = (change: Partial<ConfigAccess>) => addedAccess({ ...stored, ...change }, stored).movedSecrets;
  expect(moved({})).toEqual([]);
  expect(moved({ secrets: [{ ...secret, text: 'own' }], addresses: ['https://evil.example/'] })).toEqual([]);
  expect(moved({ addresses: ['https://evil.example/'] })).toEqual(['authentication.password']);
  expect(moved({ secrets: [{ ...secret, ways: 'other form' }] })).toEqual(['authentication.password']);
  expect(moved({ secrets: [{ ...secret, path: 'headers.X' }] })).toEqual(['headers.X']);
});

it.each<[string, Partial<ConfigAccess>]>([
  ['goes to another address', { addresses: ['https://evil.example/'] }],
  ['goes to one more address', { addresses: ['https://shop.example/', 'https://evil.example/'] }],
  ['stands in another place', { references: [{ path: 'url', text: 'Bearer ${TOKEN}', ways: '' }] }],
  [
    'is another one',
    { references: [{ path: 'headers.Authorization', text: 'Bearer ${TOKEN}${OTHER}', ways: '' }] },
  ],
])('finds a secret new that %s', (_, change) => {
  expect(addedAccess({ ...STORED, ...change }, STORED).variables).toEqual(['TOKEN']);
});

it('counts a value that the client says itself as its own, whether or not it is the stored one', () => {
  const secret = { path: 'headers.Proxy-Authorization', text: 'hunter2', ways: '' };
  const stored = {
    ...STORED,
    secrets: [secret],
    headers: [{ name: 'Proxy-Authorization', text: 'hunter2' }],
  };
  const own = addedAccess({ ...stored, addresses: ['https://evil.example/'] }, stored, []);
  expect(own.movedSecrets).toEqual([]);
  expect(addedAccess(stored, stored, []).headers).toEqual(stored.headers);
  expect(addedAccess(stored, stored, [{ path: secret.path, value: 'hunter2' }]).headers).toEqual([]);
});

it('finds another output path new', () => {
  expect(addedAccess({ ...STORED, outputPath: '/etc/x.csv' }, STORED).outputPath).toBe('/etc/x.csv');
});

it('finds one new that goes the same ways no more, and only that', () => {
  const led = (ways: string): ConfigAccess => ({
    ...STORED,
    references: [...STORED.references, { path: 'headers.Referer', text: '${NAME}', ways }],
    variables: ['TOKEN', 'NAME'],
  });
  expect(addedAccess(led('[one]'), led('[one]')).variables).toEqual([]);
  expect(addedAccess(led('[other]'), led('[one]')).variables).toEqual(['NAME']);
});

it('finds a secret new where another parameter counts the pages, and not where none does any more', () => {
  const counted = (countedBy: string | null) => ({ ...STORED, countedBy });
  expect(addedAccess(counted('page'), counted('page')).variables).toEqual([]);
  expect(addedAccess(counted(null), counted('page')).variables).toEqual([]);
  expect(addedAccess(counted('delete'), counted('page')).variables).toEqual(['TOKEN']);
  expect(addedAccess(counted('delete'), counted(null)).variables).toEqual(['TOKEN']);
});

it('finds a request new that is not the stored one, or goes to other addresses', () => {
  const request = { does: 'sends POST', text: '{"json":1}' };
  const stored = { ...STORED, request };
  const added = (change: Partial<ConfigAccess>) => addedAccess({ ...stored, ...change }, stored).request;
  expect(added({})).toBeNull();
  expect(added({ request: { ...request, text: '{"json":2}' } })).not.toBeNull();
  expect(added({ addresses: ['https://evil.example/'] })).toEqual(request);
  // With the person's token another query would read something else.
  const query = (text: string) => ({ ...STORED, request: { does: null, text } });
  expect(addedAccess(query('{ own }'), query('{ own }')).variables).toEqual([]);
  expect(addedAccess(query('{ all }'), query('{ own }')).variables).toEqual(['TOKEN']);
});
