import { expect, it } from 'vitest';
import { addedFacts, type ConfigFacts } from '../../../src/core/configs/config-facts.ts';

const STORED: ConfigFacts = {
  privateHosts: ['nas'],
  outputPath: '/srv/prices.csv',
  caFile: '/etc/ssl/ours.pem',
  variables: ['TOKEN'],
  references: [{ path: 'headers.Authorization', text: 'Bearer ${TOKEN}', ways: '' }],
  addresses: ['https://shop.example/'],
  needsBrowser: false,
  countedBy: null,
  headers: [],
};

it('finds nothing new in the same secret in the same place for the same addresses, but for private hosts', () => {
  expect(addedFacts(STORED, STORED)).toEqual({
    ...STORED,
    outputPath: null,
    caFile: null,
    variables: [],
    references: [],
  });
});

it.each<[string, Partial<ConfigFacts>]>([
  ['goes to another address', { addresses: ['https://evil.example/'] }],
  ['goes to one more address', { addresses: ['https://shop.example/', 'https://evil.example/'] }],
  ['stands in another place', { references: [{ path: 'url', text: 'Bearer ${TOKEN}', ways: '' }] }],
  [
    'is another one',
    { references: [{ path: 'headers.Authorization', text: 'Bearer ${TOKEN}${OTHER}', ways: '' }] },
  ],
])('finds a secret new that %s', (_, change) => {
  expect(addedFacts({ ...STORED, ...change }, STORED).variables).toEqual(['TOKEN']);
});

it('finds another output path new', () => {
  expect(addedFacts({ ...STORED, outputPath: '/etc/x.csv' }, STORED).outputPath).toBe('/etc/x.csv');
});

it('finds one new that goes the same ways no more, and only that', () => {
  const led = (ways: string): ConfigFacts => ({
    ...STORED,
    references: [...STORED.references, { path: 'headers.Referer', text: '${NAME}', ways }],
    variables: ['TOKEN', 'NAME'],
  });
  expect(addedFacts(led('[one]'), led('[one]')).variables).toEqual([]);
  expect(addedFacts(led('[other]'), led('[one]')).variables).toEqual(['NAME']);
});

it('finds a secret new where another parameter counts the pages, and not where none does any more', () => {
  const counted = (countedBy: string | null) => ({ ...STORED, countedBy });
  expect(addedFacts(counted('page'), counted('page')).variables).toEqual([]);
  expect(addedFacts(counted(null), counted('page')).variables).toEqual([]);
  expect(addedFacts(counted('delete'), counted('page')).variables).toEqual(['TOKEN']);
  expect(addedFacts(counted('delete'), counted(null)).variables).toEqual(['TOKEN']);
});
