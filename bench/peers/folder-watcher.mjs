// Watches a folder of job files with chokidar alone, or with fs.watch alone: asked to `subscribe` in a line of JSON, it
// answers when it watches, and then tells each file that changed as `job_changed`. It reads no file and compares nothing.
import { watch } from 'node:fs';
import { createInterface } from 'node:readline';
import { productPackage } from '../peers.mjs';

const [how, folder] = process.argv.slice(2);
const chokidar = await productPackage('chokidar');
const tell = (file) => {
  if (!file.endsWith('.json') || file.startsWith('.')) return;
  const params = { job_id: file.slice(0, -'.json'.length) };
  console.log(JSON.stringify({ jsonrpc: '2.0', method: 'job_changed', params }));
};
const watchers = {
  // As its documentation recommends for files that are replaced as a whole: no polling, and no wait for writes to end.
  async chokidar() {
    const watcher = chokidar.watch(folder, {
      depth: 0,
      ignoreInitial: true,
      ignored: (path) => path !== folder && !path.endsWith('.json'),
    });
    watcher.on('all', (_, path) => tell(path.slice(folder.length + 1)));
    await new Promise((resolve) => watcher.once('ready', resolve));
  },
  async watch() {
    watch(folder, (_, file) => tell(file));
  },
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line);
  if (method === 'subscribe') await watchers[how]();
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
}
process.exit();
