import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

/** Writes `index.d.ts`: the declarations of the library in one file, and of nothing else. */
export async function writeTypes(root, folder) {
  const modules = `${folder}/types`;
  execFileSync(
    process.execPath,
    [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json', '--outDir', modules],
    { cwd: root, stdio: 'inherit' },
  );
  const bundle = await rolldown({
    input: { index: `${modules}/index.d.ts` },
    // Whoever uses the library has Node's types or does not need them; other packages are not installed.
    external: [/^node:/],
    checks: { pluginTimings: false },
    plugins: [dts({ dtsInput: true, tsconfig: false, emitDtsOnly: true })],
  });
  await bundle.write({ dir: folder, format: 'esm' });
  await bundle.close();
  const file = `${folder}/index.d.ts`;
  // For users whose library of types is older than `await using`.
  await writeFile(file, `/// <reference lib="esnext.disposable" />\n${await readFile(file, 'utf8')}`);
  await rm(modules, { recursive: true });
}
