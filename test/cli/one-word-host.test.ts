import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startBookshop } from '../../src/sandbox/bookshop.ts';
import { startProxy } from '../scrape/http/proxy-server.ts';
import { tempFolder } from '../temp-folder.ts';
import { shopHome } from './shop-home.ts';

/** A configuration for a host that only a company's proxy knows. */
async function intranet(): Promise<string> {
  const shop = await startBookshop();
  onTestFinished(() => shop.close());
  const proxy = await startProxy({ hosts: { wiki: Number(new URL(shop.url).port) } });
  return `url: "http://wiki/"\nproxy: "${proxy.url}"\nitem: article\nselectors: { title: h3 }\nrespect_robots: false\n`;
}

it('a stored configuration for a host of one word goes on after an upgrade, and says how to allow it by name', async () => {
  const yaml = await intranet();
  const { qs } = shopHome({ wiki: yaml });
  const run = await qs('scrape', 'wiki', '--json');
  expect(run.stderr).toContain('the host "wiki" has no dot, and allow_private_hosts does not name it');
  expect(JSON.parse(run.stdout)).toMatchObject({ pages: 1, items: 20 });
  expect((await qs('job', 'create', '--config', 'wiki', '--name', 'wiki')).stderr).not.toContain(
    'cannot run',
  );
  const { findings } = JSON.parse((await qs('doctor', '--json')).stdout);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'configs', status: 'ok' }));
});

it('a text with such a host is refused, and taken once the host is allowed by its name', async () => {
  const yaml = await intranet();
  const { qs } = shopHome({});
  const file = join(tempFolder(), 'wiki.yaml');
  writeFileSync(file, yaml);
  const refused = await qs('validate', file);
  expect(refused.code).toBe(2);
  expect(refused.stdout).toMatch(/1:6: error: url: the host "wiki" has no dot/);
  expect(refused.stdout).toContain('allow_private_hosts: ["wiki"]');
  writeFileSync(file, `${yaml}allow_private_hosts: ["wiki"]\n`);
  expect(await qs('validate', file)).toMatchObject({ code: 0 });
});
