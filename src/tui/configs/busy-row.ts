import type { LookRow } from '../look-row.ts';

const TURNING = ['| ', '/ ', '- ', '\\ '] as const;

/** Says what is being done, and for how many seconds; `since` in epoch ms. */
export function busyRow(text: string, since: number): LookRow {
  return {
    spans: [
      { text: (now) => TURNING[Math.floor(now / 1000) % TURNING.length] ?? TURNING[0], look: 'running' },
      { text, look: 'running' },
      { text: (now) => ` ${Math.max(0, Math.floor((now - since) / 1000))} s`, look: 'faint' },
    ],
  };
}
