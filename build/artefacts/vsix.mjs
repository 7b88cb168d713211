// The extension of VS Code: its sources bundled into one file, packed by vsce.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Resvg } from '@resvg/resvg-js';
import { rolldown } from 'rolldown';
import { aliases } from '../bundle/aliases.mjs';
import { packagesIn, writeNotices } from '../bundle/notices.mjs';

export const description = 'the extension of VS Code (.vsix), for code --install-extension';

const VSCE = 'build/tools/node_modules/@vscode/vsce/vsce';
const ICON_PIXELS = 256;
/** Files of editors/vscode that are published unchanged. */
const UNCHANGED = ['README.md', 'CHANGELOG.md', 'side-bar.svg'];
/** Schemas that the build wrote for editors. */
const SCHEMAS = ['configuration.schema.json', 'job.schema.json', 'settings.schema.json'];
/** The time of all files within, in seconds, so that the same sources make the same file. */
const FILE_TIME = '1767225600';

export async function build({ root, out, manifest }) {
  const source = join(root, 'editors/vscode');
  const folder = await mkdtemp(join(tmpdir(), 'quickscrape-vsix-'));
  try {
    const packages = await bundleExtension(root, source, folder);
    await writeNotices(packages, join(folder, 'THIRD-PARTY-NOTICES.md'));
    for (const name of UNCHANGED) await copyFile(join(source, name), join(folder, name));
    await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'));
    await mkdir(join(folder, 'schemas'));
    for (const name of SCHEMAS) await copyFile(join(root, 'dist', name), join(folder, 'schemas', name));
    await writeFile(join(folder, 'icon.png'), await drawIcon(join(source, 'icon.svg')));
    await writeManifest(source, folder, manifest);
    const file = join(out, `quickscrape-jobs-${manifest.version}.vsix`);
    await pack(root, folder, file);
    return [file];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns the folders of the packages that are in the bundle */
async function bundleExtension(root, source, folder) {
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: join(source, 'src/extension.ts'),
    external: ['vscode'],
    resolve: { alias: aliases(root) },
  });
  const { output } = await bundle.write({
    file: join(folder, 'extension.cjs'),
    format: 'cjs',
    codeSplitting: false,
    minify: true,
  });
  await bundle.close();
  return packagesIn(output);
}

async function drawIcon(svg) {
  const drawing = new Resvg(await readFile(svg, 'utf8'), { fitTo: { mode: 'width', value: ICON_PIXELS } });
  return drawing.render().asPng();
}

/** The manifest without what only the sources need. The version and the addresses are those of the program. */
async function writeManifest(source, folder, { version, repository, bugs, homepage }) {
  const own = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const published = { ...own, version, repository, bugs, homepage, type: undefined, private: undefined };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
}

async function pack(root, folder, file) {
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await promisify(execFile)(process.execPath, [join(root, VSCE), 'package', ...options, '--out', file], {
    cwd: folder,
    env: { SOURCE_DATE_EPOCH: FILE_TIME, ...process.env },
  });
}
