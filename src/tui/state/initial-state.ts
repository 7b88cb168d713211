import { NO_ACTIVITY } from '../activity/activity.ts';
import { NO_BATCHES } from '../batch/batches.ts';
import { NO_CONFIGS } from '../configs/configs-state.ts';
import { NO_DETAIL } from '../detail/job-detail.ts';
import { NO_FORM } from '../form/form-state.ts';
import { NO_ITEMS } from '../items/items-view.ts';
import { INITIAL_JOBS } from '../jobs/jobs-view.ts';
import { NO_BINDINGS } from '../keys/key-bindings.ts';
import { NO_LOG } from '../log/log-view.ts';
import { NO_RUNS } from '../runs/runs-view.ts';
import { INITIAL_TIMELINE } from '../timeline/timeline-view.ts';
import { NO_TRASH } from '../trash/trash-view.ts';
import { EMPTY_JOURNAL } from '../undo/journal.ts';
import type { State, StateOptions } from './state.ts';

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
