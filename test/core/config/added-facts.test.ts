import { expect, it } from 'vitest';
import { addedFacts } from '../../../src/core/config/added-facts.ts';
import type { ConfigFacts } from '../../../src/core/config/config-facts.ts';

const STORED: ConfigFacts = {
  privateHosts: ['nas'],
  outputPath: '/srv/prices.csv',
  variables: ['TOKEN'],
  references: [{ path: 'headers.Authorization', text: 'Bearer ${TOKEN}' }],
  addresses: ['https://shop.example/'],
};

it('finds nothing new in the same secret in the same place for the same addresses, but for private hosts', () => {
  expect(addedFacts(STORED, STORED)).toEqual({
    ...STORED,
    outputPath: null,
    variables: [],
    references: [],
  });
});

it.each<[string, Partial<ConfigFacts>]>([
  ['goes to another address', { addresses: ['https://evil.example/'] }],
  ['goes to one more address', { addresses: ['https://shop.example/', 'https://evil.example/'] }],
  ['stands in another place', { references: [{ path: 'url', text: 'Bearer ${TOKEN}' }] }],
  ['is another one', { references: [{ path: 'headers.Authorization', text: 'Bearer ${TOKEN}${OTHER}' }] }],
])('finds a secret new that %s', (_, change) => {
  expect(addedFacts({ ...STORED, ...change }, STORED).variables).toEqual(['TOKEN']);
});

it('finds another output path new', () => {
  expect(addedFacts({ ...STORED, outputPath: '/etc/x.csv' }, STORED).outputPath).toBe('/etc/x.csv');
});
