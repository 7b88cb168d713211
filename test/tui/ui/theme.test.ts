import { expect, it } from 'vitest';
import { STYLES_ON } from '../../../src/tui/ui/styles.ts';
import { applyAppearance, makeTheme, themeBehindDialog, themeFor } from '../../../src/tui/ui/theme.ts';

const hasBraille = (env: NodeJS.ProcessEnv) => themeFor({ LANG: 'C.UTF-8', ...env }, { color: true }).braille;

it('has no Braille where the terminal has only ASCII, nor in the old console of Windows', () => {
  expect(hasBraille({})).toBe(true);
  expect(hasBraille({ TERM: 'linux' })).toBe(false);
  expect(hasBraille({ WSL_DISTRO_NAME: 'Debian' })).toBe(false);
  expect(hasBraille({ WSL_DISTRO_NAME: 'Debian', WT_SESSION: 'a' })).toBe(true);
  const theme = themeFor({ LANG: 'C.UTF-8', WSL_DISTRO_NAME: 'Debian' }, { color: true });
  expect(applyAppearance(theme, { theme: 'terminal', signs: 'terminal' }).braille).toBe(false);
});

it.each(['dark', 'light'] as const)('greys all behind a dialog on a %s background', (background) => {
  const theme = makeTheme({ colors: true, unicode: true, styles: STYLES_ON[background] });
  const behind = themeBehindDialog(theme);
  expect(behind.style('bad')).toEqual(theme.style('faint'));
  expect(behind.style('selected')).toEqual({ ...theme.style('faint'), bold: true });
  expect(behind.onBar('bad')).toEqual({});
});

it('leaves all behind a dialog as it is without colours, and with those of the terminal', () => {
  for (const theme of [
    makeTheme({ colors: false, unicode: true, styles: STYLES_ON.dark }),
    makeTheme({ colors: true, unicode: true }),
  ])
    expect(themeBehindDialog(theme)).toBe(theme);
});
