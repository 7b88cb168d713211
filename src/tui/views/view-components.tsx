import type { ComponentType } from 'react';
import type { PaneProps } from '../app/define-feature.ts';
import type { ViewName } from '../app/model.ts';
import { ConfigList, ConfigPreview } from '../features/config-editor/list-view.tsx';
import { ConfigSide, ConfigText } from '../features/config-editor/view.tsx';
import { Items } from '../features/items/view.tsx';
import { JobDetailPane } from '../features/job-detail/view.tsx';
import { FormFields, FormSide } from '../features/job-form/view.tsx';
import { JobsTable } from '../features/jobs/view.tsx';
import { Log } from '../features/log/view.tsx';
import { Runs } from '../features/runs/view.tsx';
import { Timeline } from '../features/timeline/view.tsx';
import { Trash } from '../features/trash/view.tsx';

/** What draws each view: its first pane, and the second when its rules say that it has one. */
export const VIEW_COMPONENTS: {
  readonly [N in ViewName]: { Main: ComponentType<PaneProps>; Side?: ComponentType<PaneProps> };
} = {
  jobs: { Main: JobsTable, Side: JobDetailPane },
  runs: { Main: Runs },
  log: { Main: Log },
  items: { Main: Items },
  timeline: { Main: Timeline },
  form: { Main: FormFields, Side: FormSide },
  config: { Main: ConfigText, Side: ConfigSide },
  trash: { Main: Trash },
  configs: { Main: ConfigList, Side: ConfigPreview },
};
