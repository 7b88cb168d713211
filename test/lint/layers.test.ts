import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

/** Plants a file in the tree, lints it and returns what the linter said; the file is gone afterwards. */
async function lintPlanted(file: string, text: string): Promise<string> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  onTestFinished(() => rmSync(dirname(file), { recursive: true, force: true }));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['node_modules/@biomejs/biome/bin/biome', 'lint', '--vcs-enabled=false', file],
      (error, stdout, stderr) => {
        resolve(error ? stdout + stderr : '');
      },
    );
  });
}

describe('the layer rules', () => {
  it.each([
    ['core', "import { x } from '../../scrape/pipeline.ts';\nx();\n", 'core knows no face'],
    ['core', "import { x } from '../../cli/main.ts';\nx();\n", 'core knows no face'],
    ['core', "import { render } from 'ink';\nrender();\n", 'no terminal, no protocol'],
    ['core', "import { load } from 'cheerio';\nload('');\n", 'no terminal, no protocol'],
    ['scrape', "import { x } from '../../cli/main.ts';\nx();\n", 'scrape may import core only'],
    ['rpc', "import { x } from '../../tui/main.ts';\nx();\n", 'rpc may import core only'],
    ['tui', "import { x } from '../../cli/main.ts';\nx();\n", 'tui may import core only'],
    ['tui', "import { x } from '../../scrape/pipeline.ts';\nx();\n", 'tui may import core only'],
    ['tui', "import { Text } from 'ink';\nText();\n", 'Text of views/parts/text.tsx is clean'],
    ['cli', "import { render } from 'ink';\nrender();\n", 'under src/tui only'],
    ['sandbox', "import { x } from '../../core/errors.ts';\nx();\n", 'imports nothing of the product'],
  ])('forbid that %s imports %j', async (layer, text, reason) => {
    const said = await lintPlanted(
      `src/${layer}/planted-${process.pid}-${Math.random().toString(36).slice(2)}/planted.ts`,
      text,
    );
    expect(said).toContain(reason);
  });

  it('allow what points the right way', async () => {
    const said = await lintPlanted(
      `src/scrape/planted-${process.pid}-right/planted.ts`,
      "import { ERROR_CODES } from '../../core/errors.ts';\n\nexport const planted = ERROR_CODES;\n",
    );
    expect(said).toBe('');
  });
});
