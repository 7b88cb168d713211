// What bench/scheduler compares the start of a scheduler with: a process that reads and parses each file of a folder, keeps
// them and does nothing else. Usage: FOLDER; it says "ready" when it has them, and stays.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const kept = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
console.log('ready');
setInterval(() => kept, 2 ** 31 - 1);
