import { expect, it } from 'vitest';
import { canParseUrl } from '../../../src/core/lib/can-parse-url.ts';

it('an address is one, also after it has been asked for often', () => {
  const asks: [text: string, base: string | undefined, is: boolean][] = [
    ['https://shop.example/', undefined, true],
    ['/path', undefined, false],
    ['/path', 'https://shop.example', true],
    ['//müller.example/', 'https://shop.example', true],
    ['https://müller.example/', undefined, true],
    ['https://', undefined, false],
  ];
  for (let turn = 0; turn < 5_000; turn++)
    for (const [text, base, is] of asks)
      if (canParseUrl(text, base) !== is) expect.fail(`${text} in turn ${turn}`);
});
