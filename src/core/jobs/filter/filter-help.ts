import { JOB_STATES, STATE_ALIASES } from '../job-display-state.ts';
import { FILTER_FIELDS } from './filter-terms.ts';

/** The language of filters for models and programs, one line a field. */
export const FILTER_HELP = [
  'A filter has terms, separated by spaces, all of which must match. A term is a word, which is searched in the id,',
  'configuration, description and tags, or a field. ! before a term means not; "..." keeps spaces together.',
  '',
  ...FILTER_FIELDS.map(({ example, meaning }) => `${example.padEnd(22)} ${meaning}`),
  '',
  `States: ${JOB_STATES.join(', ')}.`,
  ...Object.entries(STATE_ALIASES).map(([alias, states]) => `${alias.padEnd(10)} ${states.join(' or ')}`),
  '',
].join('\n');
