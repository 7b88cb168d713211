import { defineFeature } from '../define-feature.ts';
import { chartsActions } from './actions.ts';
import { NO_CHARTS } from './model.ts';
import { chartsReducer, homeChartsRules, jobChartsRules } from './reducer.ts';
import { Charts } from './view.tsx';
import { watchHomeFigures } from './watch-home-figures.ts';

export const charts = defineFeature({
  initial: { charts: NO_CHARTS },
  reducers: [chartsReducer],
  views: {
    charts: { ...jobChartsRules, where: 'in the charts of a job', Main: Charts },
    home_charts: { ...homeChartsRules, where: 'in the charts of the home', Main: Charts },
  },
  actions: chartsActions,
  subscribers: { home_figures: watchHomeFigures },
});
