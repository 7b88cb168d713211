import { NOTHING_READ } from './home.ts';
import { FIRST_JOBS_VIEW } from './jobs-view.ts';
import type { State, StateOptions } from './state.ts';

export function initialState({ home, ...options }: StateOptions): State {
  return {
    ...options,
    home: { ...NOTHING_READ, path: home },
    views: [{ name: 'jobs' }],
    pane: 'main',
    dialog: undefined,
    chord: [],
    notices: [],
    jobs: FIRST_JOBS_VIEW,
  };
}
