// The least that can be done with a page: a process that parses it with cheerio and counts its elements. Usage: FILE
import { readFileSync } from 'node:fs';
import { load } from 'cheerio';

console.log(load(readFileSync(process.argv[2]))('*').length);
