import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { EXIT, exitCodeOf } from '../../src/cli/context/exit-codes.ts';
import { ERROR_CODES, type ErrorCode } from '../../src/core/lib/errors.ts';
import { pageText } from '../docs-pages.ts';
import { commandsReference } from './commands-page.ts';

const MARK = '<!-- From here on written by UPDATE_DOCS=1 npx vitest run test/cli/docs.test.ts -->\n\n';

function holdPage(page: string, written: string): void {
  const file = fileURLToPath(new URL(`../../${page}`, import.meta.url));
  const [prose = ''] = readFileSync(file, 'utf8').split(MARK);
  const wanted = `${prose}${MARK}${written}`;
  if (process.env['UPDATE_DOCS']) writeFileSync(file, wanted);
  expect(readFileSync(file, 'utf8')).toBe(wanted);
}

it('docs/reference/commands.md lists every command and flag as the program has it', () => {
  holdPage('docs/reference/commands.md', commandsReference());
});

it('docs/reference/exit-codes.md has the exit code and the JSON-RPC number of each error', () => {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, number]) => `| \`${code}\` | ${exitCodeOf(code as ErrorCode)} | ${number} |\n`,
  );
  holdPage(
    'docs/reference/exit-codes.md',
    `| error code | exit code | JSON-RPC number |\n|---|--:|--:|\n${rows.join('')}`,
  );
  const listed = [...pageText('docs/reference/exit-codes.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) =>
    Number(code),
  );
  expect(listed).toEqual(Object.values(EXIT));
});
