// Opens a home once, by the library or by reading its job files alone, and prints how many milliseconds that took.
import { elapsed } from '../rounds.mjs';
import { openAndList, readAndParse } from '../store/opening.mjs';

const [how, home, jobs] = process.argv.slice(2);
console.log(
  how === 'floor' ? await elapsed(() => readAndParse(home)) : await openAndList(home, Number(jobs)),
);
