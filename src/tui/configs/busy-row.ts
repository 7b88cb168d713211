import type { StyledRow } from '../styled-row.ts';

const SPINNER_FRAMES = ['| ', '/ ', '- ', '\\ '] as const;

/** Says what is being done, and for how many seconds; `since` in epoch ms. */
export function spinnerRow(text: string, since: number): StyledRow {
  return {
    spans: [
      {
        text: (now) => SPINNER_FRAMES[Math.floor(now / 1000) % SPINNER_FRAMES.length] ?? SPINNER_FRAMES[0],
        style: 'running',
      },
      { text, style: 'running' },
      { text: (now) => ` ${Math.max(0, Math.floor((now - since) / 1000))} s`, style: 'faint' },
    ],
  };
}
