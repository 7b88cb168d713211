import type { State, StateOptions } from '../app/model.ts';
import { NO_BINDINGS } from '../app/model.ts';
import { NO_ACTIVITY } from '../features/activity/model.ts';
import { NO_BATCHES } from '../features/batch/model.ts';
import { NO_CONFIGS } from '../features/config-editor/model.ts';
import { NO_ITEMS } from '../features/items/model.ts';
import { NO_DETAIL } from '../features/job-detail/model.ts';
import { NO_FORM } from '../features/job-form/model.ts';
import { INITIAL_JOBS } from '../features/jobs/model.ts';
import { NO_LOG } from '../features/log/model.ts';
import { NO_RUNS } from '../features/runs/model.ts';
import { INITIAL_TIMELINE } from '../features/timeline/model.ts';
import { NO_TRASH } from '../features/trash/model.ts';
import { EMPTY_JOURNAL } from '../features/undo/model.ts';

export function initialState(options: StateOptions): State {
  return {
    ...options,
    appearance: { theme: 'terminal', signs: 'terminal' },
    keys: NO_BINDINGS,
    home: undefined,
    views: [{ name: 'jobs' }],
    pane: 'main',
    dialog: undefined,
    chord: [],
    notices: [],
    jobs: INITIAL_JOBS,
    detail: NO_DETAIL,
    runs: NO_RUNS,
    log: NO_LOG,
    items: NO_ITEMS,
    timeline: INITIAL_TIMELINE,
    batches: NO_BATCHES,
    journal: EMPTY_JOURNAL,
    activity: NO_ACTIVITY,
    form: NO_FORM,
    configs: NO_CONFIGS,
    trash: NO_TRASH,
  };
}
