// What bench/scheduler shows beside the memory of a scheduler: a process that watches a folder of job files with chokidar and
// does nothing else. Usage: FOLDER; it says "ready" when it watches, and stays.
import { productPackage } from '../peers.mjs';

const chokidar = await productPackage('chokidar');
const watcher = chokidar.watch(process.argv[2], { depth: 0, ignoreInitial: true });
watcher.on('ready', () => console.log('ready'));
