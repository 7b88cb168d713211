import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { rolldown } from 'rolldown';

/** The views of MCP Apps: the name of the file, and its title. */
const VIEWS = { items: 'Items', timeline: 'Runs' };

/**
 * Writes each view as one HTML file that needs nothing else: hosts show it in a frame without a network.
 * @param root the folder of the project, with a slash at its end
 * @param folder where `views/NAME.html` go
 */
export async function writeViews(root, folder) {
  await mkdir(`${folder}/views`, { recursive: true });
  const style = (await readFile(`${root}src/views/page.css`, 'utf8')).replaceAll(/\s+/g, ' ').trim();
  for (const [name, title] of Object.entries(VIEWS)) {
    const script = await bundleScript(root, `src/views/${name}-view.ts`);
    await writeFile(`${folder}/views/${name}.html`, page(title, style, script));
  }
}

async function bundleScript(root, input) {
  const bundle = await rolldown({ cwd: root, platform: 'browser', input });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  return output[0].code.trim();
}

function page(title, style, script) {
  if (/<\/script|<!--/i.test(script)) throw new Error('a script within HTML cannot hold </script or <!--');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${style}</style></head>
<body><script>${script}</script></body>
</html>
`;
}
