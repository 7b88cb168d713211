import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects all of it, so that what memory is left is held by somebody. */
export function collectGarbage(): void {
  collect();
  collect();
}
