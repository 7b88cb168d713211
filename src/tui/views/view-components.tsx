import type { ComponentType } from 'react';
import type { ViewName } from '../state/view.ts';
import { ConfigList } from './configs/config-list.tsx';
import { ConfigPreview } from './configs/config-preview.tsx';
import { ConfigSide } from './configs/config-side.tsx';
import { ConfigText } from './configs/config-text.tsx';
import { FormFields } from './form/form-fields.tsx';
import { FormSide } from './form/form-side.tsx';
import { Items } from './items.tsx';
import { JobDetailPane } from './jobs/job-detail-pane.tsx';
import { JobsTable } from './jobs/jobs-table.tsx';
import { Log } from './log.tsx';
import type { PaneProps } from './parts/pane-props.ts';
import { Runs } from './runs.tsx';
import { Timeline } from './timeline.tsx';
import { Trash } from './trash.tsx';

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
