import { defineFeature } from '../define-feature.ts';
import { formActions } from './actions.ts';
import { NO_FORM } from './model.ts';
import { FormDialog, formPanelRules } from './panel-dialog.tsx';
import { panelContent } from './panel-lines.ts';
import { formReducer, formRules } from './reducer.ts';
import { FormSide } from './side-pane.tsx';
import { FormFields } from './view.tsx';

export const jobForm = defineFeature({
  initial: { form: NO_FORM },
  reducers: [formReducer],
  views: { form: { ...formRules, where: 'in the form of a job', Main: FormFields, Side: FormSide } },
  dialogs: {
    form: {
      ...formPanelRules,
      Component: FormDialog,
      footer: (state, { panel }, columns) => panelContent(state, panel, columns).keys,
    },
  },
  actions: formActions,
});
