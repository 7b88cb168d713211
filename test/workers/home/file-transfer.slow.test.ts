import { it } from 'vitest';
import { checkTransfers } from './transfer-attempt.ts';

it('the files of thousands of runs are the same at home in the end', () => {
  checkTransfers(3_000);
});
