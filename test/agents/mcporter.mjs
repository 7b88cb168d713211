// mcporter, whose command line a model calls in a shell: it reads what is printed.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printConversation } from './conversation.mjs';

const PROGRAM = fileURLToPath(new URL('node_modules/mcporter/dist/cli.js', import.meta.url));

await printConversation(async ({ server, calls, folder }) => {
  const config = join(folder, 'mcporter.json');
  writeFileSync(config, JSON.stringify({ mcpServers: { quickscrape: server } }));
  const mcporter = (...args) => {
    try {
      return execFileSync(process.execPath, [PROGRAM, '--config', config, ...args], { encoding: 'utf8' });
    } catch (error) {
      // An error of a tool is printed, too, and is exit 1.
      if (error.stdout === '' || error.stdout === undefined) throw error;
      return error.stdout;
    }
  };
  const listed = JSON.parse(mcporter('list', 'quickscrape', '--schema', '--json'));
  const call = (tool, index) => {
    // Otherwise it leaves pictures out. It prints the names of the files that it writes.
    const pictures = join(folder, `pictures-${index}`);
    const args = ['--args', JSON.stringify(tool.arguments), '--save-images', pictures];
    const text = mcporter('call', `quickscrape.${tool.name}`, ...args);
    const files = existsSync(pictures) ? readdirSync(pictures) : [];
    const data = files.map((name) => readFileSync(join(pictures, name), 'base64'));
    return [{ type: 'text', text }, ...data.map((picture) => ({ type: 'image', data: picture }))];
  };
  return {
    system: mcporter('list', 'quickscrape'),
    tools: listed.tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      schema: inputSchema,
    })),
    results: calls.map(call),
  };
});
