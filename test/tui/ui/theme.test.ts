import { expect, it } from 'vitest';
import { applyAppearance, themeFor } from '../../../src/tui/ui/theme.ts';

const hasBraille = (env: NodeJS.ProcessEnv) => themeFor({ LANG: 'C.UTF-8', ...env }, { color: true }).braille;

it('has no Braille where the terminal has only ASCII, nor in the old console of Windows', () => {
  expect(hasBraille({})).toBe(true);
  expect(hasBraille({ TERM: 'linux' })).toBe(false);
  expect(hasBraille({ WSL_DISTRO_NAME: 'Debian' })).toBe(false);
  expect(hasBraille({ WSL_DISTRO_NAME: 'Debian', WT_SESSION: 'a' })).toBe(true);
  const theme = themeFor({ LANG: 'C.UTF-8', WSL_DISTRO_NAME: 'Debian' }, { color: true });
  expect(applyAppearance(theme, { theme: 'terminal', signs: 'terminal' }).braille).toBe(false);
});
