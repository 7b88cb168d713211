import type { ComponentType } from 'react';
import type { ViewName } from '../state/view.ts';
import { JobDetail } from './jobs/job-detail.tsx';
import { JobList } from './jobs/job-list.tsx';
import type { PaneProps } from './parts/pane.ts';

/** What draws each view: its first pane, and the second when its rules say that it has one. */
export const VIEW_COMPONENTS: {
  readonly [N in ViewName]: { Main: ComponentType<PaneProps>; Side?: ComponentType<PaneProps> };
} = {
  jobs: { Main: JobList, Side: JobDetail },
};
