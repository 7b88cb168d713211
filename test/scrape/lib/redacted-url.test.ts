import { expect, it } from 'vitest';
import { redactUrl } from '../../../src/scrape/lib/page-url.ts';

it('an address is shown without its password and fragment', () => {
  expect(redactUrl('https://me:secret@shop.example/a?b=c#d')).toBe('https://me:***@shop.example/a?b=c');
});

it('a long address ends before the value that would be cut', () => {
  const pad = `https://shop.example/?pad=${'x'.repeat(240)}`;
  for (const piece of ['S', 'S3cr', 'S3cr3tK3y-4711-ABCDEFGH'.repeat(3)])
    expect(redactUrl(`${pad}&key=${piece}${'y'.repeat(100)}`)).toBe(`${pad}&key=…`);
  expect(redactUrl(`https://shop.example/${'x'.repeat(400)}`)).toBe('https://shop.example/…');
});
