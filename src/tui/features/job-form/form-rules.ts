import type { ViewRules } from '../define-feature.ts';
import { inputToForm } from './edit-form.ts';
import { FORM_WIDE_FROM } from './form-window.ts';
import { leaveForm } from './store-form.ts';
import { formTestSubscriptions } from './test-form.ts';

/** The form of a job, new or stored. */
export const formRules: ViewRules = {
  title: ({ form: { open } }) => (open?.jobId === undefined ? 'New job' : `Edit ${open.jobId}`),
  wideFrom: FORM_WIDE_FROM,
  ownsTab: true,
  onInput: inputToForm,
  onLeave: leaveForm,
  subscriptions: (state) => [{ kind: 'configs' }, ...formTestSubscriptions(state)],
  isTyping: ({ form: { open } }) => open !== undefined,
};
