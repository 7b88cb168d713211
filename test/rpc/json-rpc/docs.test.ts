import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { ERROR_CODES } from '../../../src/core/lib/errors.ts';
import { NOTIFICATIONS } from '../../../src/rpc/json-rpc/notifications.ts';
import { shopHome } from '../../cli/shop-home.ts';
import { it } from '../../extend.ts';
import { PROGRAM } from '../../program.ts';

const PAGE = fileURLToPath(new URL('../../../docs/reference/rpc.md', import.meta.url));
const page = readFileSync(PAGE, 'utf8');

describe('docs/reference/rpc.md', () => {
  it('lists every error with its number', () => {
    const listed = [...page.matchAll(/^\| (-\d+) \| `(\w+)` \|/gm)].map(([, number, code]) => [
      code,
      Number(number),
    ]);
    expect(Object.fromEntries(listed)).toEqual({
      ...ERROR_CODES,
      parse_error: -32700,
      invalid_request: -32600,
      method_not_found: -32601,
      unavailable: -32000,
    });
  });

  it('lists every notification with its params, as rpc.discover does', () => {
    const part = /^## Notifications$(.*?)^## /ms.exec(page)?.[1] ?? '';
    const listed = [...part.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, name, params = '']) => [
      name,
      [...params.matchAll(/`(\w+)`/g)].map(([, param]) => param),
    ]);
    const known = Object.entries(NOTIFICATIONS).map(([name, { params }]) => [name, params]);
    expect(listed).toEqual(known);
  });

  const python = spawnSync('python3', ['--version']).status === 0;

  it.skipIf(!python)('has a client in Python that works', async ({ folder: bin }) => {
    const { home, json } = shopHome();
    await json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'mine');
    const script = /```python\n(.*?)```/s.exec(page)?.[1] ?? '';
    writeFileSync(join(bin, 'client.py'), script.replace(', status="failed"', ''));
    writeFileSync(join(bin, 'quickscrape'), `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`);
    chmodSync(join(bin, 'quickscrape'), 0o755);
    const { stdout, stderr, status } = spawnSync('python3', [join(bin, 'client.py')], {
      encoding: 'utf8',
      env: { ...process.env, QUICKSCRAPE_HOME: home, PATH: `${bin}${delimiter}${process.env['PATH']}` },
    });
    expect([stdout, stderr, status]).toEqual(['mine None\n', '', 0]);
  });
});
