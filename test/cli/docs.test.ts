import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commandsReference } from './commands-page.ts';

const PAGE = fileURLToPath(new URL('../../docs/reference/commands.md', import.meta.url));
const MARK = '<!-- From here on written by UPDATE_DOCS=1 npx vitest run test/cli/docs.test.ts -->\n\n';

it('docs/reference/commands.md lists every command and flag as the program has it', () => {
  const [prose = ''] = readFileSync(PAGE, 'utf8').split(MARK);
  const page = `${prose}${MARK}${commandsReference()}`;
  if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});
