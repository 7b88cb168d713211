import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ConfigStore } from '../../../src/core/configs/config-store.ts';
import { hostInConfig, hostsInConfig, readsHomeInConfig } from '../../../src/core/configs/config-values.ts';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { tempFolder } from '../../temp-folder.ts';

it.each<[string, string | null]>([
  ['url: https://shop.example/books?page=1', 'shop.example'],
  ['name: x\nurl: "https://SHOP.example:8443/a#b"   # the shop\nfields: {}', 'shop.example:8443'],
  ["url: 'http://shop.example:80/'", 'shop.example'],
  ['urls:\n  - https://a.example/\n  - https://b.example/', 'a.example'],
  ['urls: [ "https://a.example/", "https://b.example/" ]', 'a.example'],
  ['{ "url": "https://json.example/", "fields": {} }', 'json.example'],
  ['url: >-\n  https://folded.example/', 'folded.example'],
  [`url: https://shop.example/\${PAGE}`, 'shop.example'],
  [`url: https://\${SHOP}/`, null],
  [`url: \${SHOP}`, null],
  ['sitemap: "https://map.example/sitemap.xml"', 'map.example'],
  ['sitemap:\n  url: https://map.example/sitemap.xml\n  include: /a/', 'map.example'],
  ['urls_from: { template: "https://shop.example/{id}", values: { id: [1] } }', 'shop.example'],
  ['urls_from: ids.csv', null],
  ['pagination: { type: page_number, url_template: "https://pages.example/?p={page}" }', 'pages.example'],
  [`other: [${'x,'.repeat(60_000)}]\nurl: >-\n  https://too-large.example/`, null],
  ['fields:\n  url: https://nested.example/', null],
  ['url: ftp://files.example/', null],
  ['url: [', null],
  ['just words', null],
  ['', null],
])('finds the host in %j', (yaml, host) => {
  expect(hostInConfig(yaml)).toBe(host);
});

it.each<[string, string[]]>([
  ['url: https://shop.example/books?page=1', ['shop.example']],
  [
    'urls:\n  - https://a.example/1\n  - "https://b.example/"\n  - https://a.example/2\nitem: li',
    ['a.example', 'b.example'],
  ],
  ['urls:\n- https://a.example/\n- https://b.example:81/\n', ['a.example', 'b.example:81']],
  ['urls:\n  - https://a.example/ # the first\n  - https://b.example/', ['a.example', 'b.example']],
  ['urls: [ "https://a.example/", "https://b.example/" ]', ['a.example', 'b.example']],
  ['urls:\n  - https://a.example/\n  - >-\n    https://b.example/', ['a.example', 'b.example']],
  [`urls:\n  - https://\${SHOP}/\n  - https://b.example/`, ['b.example']],
  ['fields:\n  url: https://nested.example/', []],
  ['url: [', []],
])('finds all hosts in %j', (yaml, hosts) => {
  expect(hostsInConfig(yaml)).toEqual(hosts);
});

it('is read again when the file has changed, and null for one that is not there', async () => {
  const paths = resolveHome({ home: tempFolder() });
  const configs = new ConfigStore(paths);
  expect(configs.hostOf('shop')).toBeNull();
  await configs.write('shop', 'url: https://one.example/');
  expect(configs.hostOf('shop')).toBe('one.example');
  const file = join(paths.configs, 'shop.yaml');
  writeFileSync(file, 'url: https://two.example/');
  utimesSync(file, 1_000, 1_000);
  expect(configs.hostOf('shop')).toBe('two.example');
});

it.each([
  ['urls_from: ids.csv', true],
  ['urls_from: { file: ids.csv }', true],
  ['urls_from: { job: listing, field: link }', true],
  ['urls_from: { template: "https://e.com/{id}", values: { id: { file: ids.txt } } }', true],
  ['urls_from: { template: "https://e.com/{id}", values: { id: ids.txt } }', true],
  ['urls_from: { template: "https://e.com/{id}", values: { id: { from: 1, to: 9 } } }', false],
  ['url: "https://e.com/urls_from:"', false],
])('says whether the addresses of %j are in the home', (yaml, reads) => {
  expect(readsHomeInConfig(yaml)).toBe(reads);
});
