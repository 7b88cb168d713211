import { expect, it } from 'vitest';
import { backgroundFrom, readBackground } from '../../../../src/tui/runtime/terminal/background.ts';

it.each([
  ['\u001b]11;rgb:ffff/ffff/ffff\u0007', 'light'],
  ['\u001b]11;rgb:0000/0000/0000\u001b\\', 'dark'],
  ['\u001b]11;rgb:fd/f6/e3\u0007', 'light'],
  ['\u001b]11;rgba:1e1e/1e1e/1e1e/ffff\u0007', 'dark'],
  ['\u001b]11;rgb:8000/8000/8000\u0007', 'light'],
  ['\u001b]10;rgb:ffff/ffff/ffff\u0007', undefined],
  ['\u001b]11;?\u0007', undefined],
])('the answer %j tells of a background that is %s', (answer, background) => {
  expect(readBackground(answer)).toBe(background);
});

it.each([
  ['15;0', 'dark'],
  ['0;15', 'light'],
  ['0;default;15', 'light'],
  ['12;7', 'light'],
  ['0;default', undefined],
  ['', undefined],
])('COLORFGBG=%s means a background that is %s', (value, background) => {
  expect(backgroundFrom({ COLORFGBG: value })).toBe(background);
  expect(backgroundFrom({})).toBeUndefined();
});
