import { pluralize } from '../../../core/lib/text.ts';
import type { Action } from '../../kernel/action.ts';
import { step } from '../../kernel/step.ts';
import { listRepairable, whyTakeNot } from './repair-state.ts';
import { skipBroken, takeProposal } from './repair-steps.ts';

/** Actions on the broken selectors of the open configuration. */
export const repairActions: readonly Action[] = [
  {
    id: 'config.take',
    title: 'Take the proposed selector, and try it on the kept page',
    synonyms: ['repair', 'fix', 'accept', 'apply'],
    group: 'Configuration',
    scope: 'config',
    keys: ['enter'],
    footer: 'take it',
    urgent: (state) => (whyTakeNot(state) === true ? 'take it' : undefined),
    available: whyTakeNot,
    perform: takeProposal,
  },
  {
    id: 'config.next-broken',
    title: 'Go to the next broken selector',
    group: 'Configuration',
    scope: 'config',
    keys: ['n'],
    footer: 'next selector',
    available: (state) => {
      const open = listRepairable(state).filter(({ isOpen }) => isOpen).length;
      return open > 1 ? true : `There ${open === 1 ? 'is' : 'are'} ${pluralize(open, 'broken selector')}.`;
    },
    perform: (state) => step(skipBroken(state)),
  },
];
