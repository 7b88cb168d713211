import { FILTER_FIELDS } from '../../src/core/jobs/filter/filter-terms.ts';
import { JOB_STATES } from '../../src/core/jobs/job-display-state.ts';
import { ACTIONS } from '../../src/tui/app/actions.ts';
import { STATE_MEANINGS, STATUS_DISPLAY } from '../../src/tui/home/job-state-display.ts';
import { type Action, scopesOf } from '../../src/tui/kernel/action.ts';
import { formatKey } from '../../src/tui/kernel/key-bindings.ts';
import type { ViewName } from '../../src/tui/kernel/model.ts';
import { code } from '../schema-words.ts';
import { tableRow } from './field-table.ts';

/** What stands above it is written by hand. */
const MARK = '<!-- From here on written by npm run docs -->\n\n';

const VIEWS: { readonly [N in ViewName]: string } = {
  jobs: 'Jobs',
  runs: 'Runs of a job',
  log: 'Log of a run',
  items: 'Items of a run',
  timeline: 'Timeline',
  charts: 'Charts of a job',
  home_charts: 'Charts of the home',
  form: 'Form of a job',
  configs: 'Configurations',
  config: 'A configuration',
  trash: 'Trash',
  workers: 'Workers',
};

/** docs/reference/dashboard.md, given as it is now: its tables as the actions, states and fields of the dashboard say them. */
export function dashboardPage(present: string): string {
  const [prose = ''] = present.split(MARK);
  return `${prose}${MARK}${reference()}`;
}

function reference(): string {
  const views = Object.entries(VIEWS).flatMap(([name, title]) => keySection(title, inView(name)));
  return `${[
    '## States',
    table(
      ['state', 'what it means'],
      JOB_STATES.map((state) => [
        `${STATUS_DISPLAY[state].icon} ${STATUS_DISPLAY[state].word}`,
        STATE_MEANINGS[state],
      ]),
    ),
    '## Fields of the filter',
    table(
      ['example', 'lets through'],
      FILTER_FIELDS.map(({ example, meaning }) => [code(example), meaning]),
    ),
    '## Keys',
    'Press `:` to find actions without a key. The id of an action stands for it in `keys.yaml` ([Keys of your own](#keys-of-your-own)).',
    ...keySection('Everywhere', (action) => (scopesOf(action).includes('everywhere') ? '' : undefined)),
    ...views,
  ].join('\n\n')}\n`;
}

/** Where in a view an action counts; `undefined` when it does not. */
function inView(name: string): (action: Action) => string | undefined {
  return (action) => {
    const scopes = scopesOf(action).map((scope) => String(scope));
    if (scopes.includes(name)) return '';
    const [main, side] = [scopes.includes(`${name}/main`), scopes.includes(`${name}/side`)];
    if (main && side) return '';
    return main ? 'first' : side ? 'second' : undefined;
  };
}

function keySection(title: string, placeOf: (action: Action) => string | undefined): string[] {
  const rows = ACTIONS.flatMap((action) => {
    const place = placeOf(action);
    if (place === undefined) return [];
    const keys = action.keys.map((key) => code(formatKey(key))).join(' ');
    return [{ keys: keys === '' ? '`:`' : keys, title: action.title, place, id: code(action.id) }];
  });
  if (rows.length === 0) return [];
  const hasPlaces = rows.some(({ place }) => place !== '');
  return [
    `### ${title}`,
    table(
      ['keys', 'what', ...(hasPlaces ? ['pane'] : []), 'id'],
      rows.map(({ keys, title: what, place, id }) => [keys, what, ...(hasPlaces ? [place] : []), id]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [tableRow(head), `|${'---|'.repeat(head.length)}`, ...rows.map(tableRow)].join('\n');
}
