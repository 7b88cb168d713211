import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { pageText, ROOT } from './docs-pages.ts';

const REGISTRY = 'src/tui/app/features.ts';

/** The files of the page's example: each code block stands below the sentence that begins with its path. */
function exampleFiles(): [path: string, text: string][] {
  const blocks = pageText('docs/contributing/dashboard.md').matchAll(
    /^`(src\/tui\/features\/names\/[\w.]+)`[^`]*```tsx?\n(.*?)```/gms,
  );
  return [...blocks].map(([, path = '', text = '']) => [path, text]);
}

/**
 * Compiles the dashboard's sources with the example in a folder of its own.
 * @returns a compiler for a registry of features: it says what the compiler says, and checks again only what depends on
 *   the registry
 */
function exampleCompiler(files: readonly [path: string, text: string][]): (registry: string) => string {
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
  // Within the project, so that packages are found.
  const folder = mkdtempSync(join(ROOT, 'node_modules/.cache/docs-example-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['src', 'package.json', 'tsconfig.json'])
    cpSync(join(ROOT, name), join(folder, name), {
      recursive: true,
      // Another test plants files for the linter meanwhile.
      filter: (from) => !from.includes('planted-'),
    });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const config = {
    extends: './tsconfig.json',
    compilerOptions: { incremental: true, tsBuildInfoFile: 'example.tsbuildinfo' },
    include: ['src/tui/**/*.ts', 'src/tui/**/*.tsx', 'src/**/*.d.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.example.json'), JSON.stringify(config));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  return (registry) => {
    writeFileSync(join(folder, REGISTRY), registry);
    try {
      return execFileSync(process.execPath, [tsc, '--noEmit', '-p', 'tsconfig.example.json'], {
        cwd: folder,
        encoding: 'utf8',
      });
    } catch (error) {
      return String((error as { stdout: unknown }).stdout);
    }
  };
}

it('the view of the example compiles with its one line, and without it the types say what is missing', () => {
  const files = exampleFiles();
  expect(files.map(([path]) => path.split('/').at(-1))).toEqual([
    ...['model.ts', 'reducer.ts', 'actions.ts', 'view.tsx', 'index.ts'],
  ]);
  const registry = readFileSync(join(ROOT, REGISTRY), 'utf8');
  const withLine = registry
    .replace(/^/, "import { names } from '../features/names/index.ts';\n")
    .replace('const FEATURES = [', 'const FEATURES = [\n  names,');
  const compile = exampleCompiler(files);
  expect(compile(withLine)).toBe('');
  expect(compile(registry)).toContain("Property 'names' is missing");
}, 240_000);
