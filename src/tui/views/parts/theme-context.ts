import { createContext, useContext } from 'react';
import { makeTheme, type Theme } from '../../theme.ts';

export const ThemeContext = createContext<Theme>(makeTheme({ colors: true, unicode: true }));

export function useTheme(): Theme {
  return useContext(ThemeContext);
}
