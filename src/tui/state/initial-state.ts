import { FIRST_JOBS_VIEW } from './jobs-view.ts';
import type { State, StateOptions } from './state.ts';

export function initialState(options: StateOptions): State {
  return {
    ...options,
    home: undefined,
    views: [{ name: 'jobs' }],
    pane: 'main',
    dialog: undefined,
    chord: [],
    notices: [],
    jobs: FIRST_JOBS_VIEW,
  };
}
