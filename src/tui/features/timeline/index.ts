import { defineFeature } from '../define-feature.ts';
import { timelineActions } from './actions.ts';
import { INITIAL_TIMELINE } from './model.ts';
import { watchTimeline } from './read-timeline.ts';
import { timelineReducer, timelineRules } from './reducer.ts';
import { Timeline } from './view.tsx';

export const timeline = defineFeature({
  initial: { timeline: INITIAL_TIMELINE },
  reducers: [timelineReducer],
  views: { timeline: { ...timelineRules, where: 'in the timeline', Main: Timeline } },
  actions: timelineActions,
  subscribers: { timeline: watchTimeline },
});
