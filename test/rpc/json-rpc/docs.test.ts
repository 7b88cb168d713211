import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { ERROR_CODES } from '../../../src/core/errors.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../../src/core/operations/table.ts';
import { shopHome } from '../../cli/shop-home.ts';
import { PROGRAM } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';

const PAGE = fileURLToPath(new URL('../../../docs/rpc.md', import.meta.url));
const FROM =
  '<!-- From here on written by UPDATE_DOCS=1 npx vitest run test/rpc/json-rpc/docs.test.ts -->\n\n';
const TO = '<!-- End of what is written -->';

async function methodsTable(): Promise<string> {
  const rows = await Promise.all(
    OPERATION_NAMES.map(async (name) => {
      const { title, input, output } = (await OPERATIONS[name]()) as unknown as {
        title: string;
        input: z.ZodObject;
        output: z.ZodObject;
      };
      return `| \`${name}\` | ${title} | ${fields(input)} | ${fields(output)} |`;
    }),
  );
  return ['| method | what | params | result |', '|---|---|---|---|', ...rows, '', ''].join('\n');
}

function fields({ shape }: z.ZodObject): string {
  const names = Object.entries(shape).map(([name, type]) => {
    const optional = (type as z.ZodType).safeParse(undefined).success;
    return optional ? `${name}?` : name;
  });
  return names.length === 0 ? '' : `\`${names.join(' ')}\``;
}

describe('docs/rpc.md', () => {
  it('lists every method with its params and its result as they are', async () => {
    const page = readFileSync(PAGE, 'utf8');
    const [before = '', rest = ''] = page.split(FROM);
    const [, after] = rest.split(TO);
    if (after === undefined) throw new Error(`${PAGE} has lost the marks of the table`);
    const written = `${before}${FROM}${await methodsTable()}${TO}${after}`;
    if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, written);
    expect(readFileSync(PAGE, 'utf8')).toBe(written);
  });

  it('lists every error with its number', () => {
    const page = readFileSync(PAGE, 'utf8');
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

  const python = spawnSync('python3', ['--version']).status === 0;

  it.skipIf(!python)('has a client in Python that works', async () => {
    const { home, json } = shopHome();
    await json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'mine');
    const bin = tempFolder();
    const script = /```python\n(.*?)```/s.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? '';
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
