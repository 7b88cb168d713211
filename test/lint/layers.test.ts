import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FORBIDDEN = [
  ['core', "import { x } from '../../scrape/crawl/pipeline.ts';\nx();\n", 'core imports no interface'],
  ['core', "import { x } from '../../cli/main.ts';\nx();\n", 'core imports no interface'],
  ['core', "import { render } from 'ink';\nrender();\n", 'no terminal, no protocol'],
  ['core', "import { load } from 'cheerio';\nload('');\n", 'no terminal, no protocol'],
  ['scrape', "import { x } from '../../cli/main.ts';\nx();\n", 'scrape may import core only'],
  ['rpc', "import { x } from '../../tui/open-dashboard.ts';\nx();\n", 'rpc may import core only'],
  ['tui', "import { x } from '../../cli/main.ts';\nx();\n", 'tui may import core only'],
  ['tui', "import { x } from '../../scrape/crawl/pipeline.ts';\nx();\n", 'tui may import core only'],
  ['tui', "import { Text } from 'ink';\nText();\n", 'Text of ui/components/text.tsx is clean'],
  ['core', "import { x } from '../../workers/open-executor.ts';\nx();\n", 'core imports no interface'],
  ['core', "import { Queue } from 'bullmq';\nnew Queue('');\n", 'no terminal, no protocol'],
  ['scrape', "import { x } from '../../workers/protocol/keys.ts';\nx();\n", 'scrape may import core only'],
  ['workers', "import { x } from '../../scrape/crawl/pipeline.ts';\nx();\n", 'workers may import core only'],
  ['cli', "import { Redis } from 'ioredis';\nnew Redis();\n", 'under src/workers only'],
  ['cli', "import { render } from 'ink';\nrender();\n", 'under src/tui only'],
  ['sandbox', "import { x } from '../../core/lib/errors.ts';\nx();\n", 'imports nothing of the product'],
  ['views', "import { x } from '../../core/lib/errors.ts';\nx();\n", 'imports nothing of the product'],
] as const;
const RIGHT = [
  'scrape',
  "import { ERROR_CODES } from '../../core/lib/errors.ts';\n\nexport const planted = ERROR_CODES;\n",
] as const;

const planted: string[] = [];
let said: { file: string; message: string }[];

/** Plants a file in the tree, to be linted with the others. */
function plant(layer: string, text: string): void {
  const file = `src/${layer}/planted-${process.pid}-${planted.length}/planted.ts`;
  planted.push(file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

beforeAll(async () => {
  for (const [layer, text] of [...FORBIDDEN, RIGHT]) plant(layer, text);
  said = await lint(planted);
});
afterAll(() => {
  for (const file of planted) rmSync(dirname(file), { recursive: true, force: true });
});

function lint(files: readonly string[]): Promise<typeof said> {
  // The rules of layers need no other file; rules that do take ten seconds of processor time.
  const rule = '--only=style/noRestrictedImports';
  const options = ['lint', rule, '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['node_modules/@biomejs/biome/bin/biome', ...options, ...files],
      (_error, stdout) => {
        const lines = stdout.matchAll(/^::\w+ .*?file=([^,]+),.*?::(.*)$/gm);
        resolve(
          [...lines].map(([, file = '', message = '']) => ({ file: file.replaceAll('\\', '/'), message })),
        );
      },
    );
  });
}

function saidOf(at: number): string {
  return said
    .filter(({ file }) => file.endsWith(planted[at] ?? '?'))
    .map(({ message }) => message)
    .join('\n');
}

describe('the layer rules', () => {
  it.each(FORBIDDEN.map((rule, at) => [...rule, at] as const))(
    'forbid that %s imports %j',
    (_layer, _text, reason, at) => {
      expect(saidOf(at)).toContain(reason);
    },
  );

  it('allow what points the right way', () => {
    expect(saidOf(FORBIDDEN.length)).toBe('');
  });
});
