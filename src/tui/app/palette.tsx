import type { DialogProps, DialogRules } from '../features/define-feature.ts';
import { type Action, availability, inNamedHome, performAction, scopesOf } from '../kernel/action.ts';
import { formatKey } from '../kernel/key-bindings.ts';
import type { DialogOf, State, ViewName } from '../kernel/model.ts';
import { withNotice } from '../kernel/notices.ts';
import { closeDialog, step } from '../kernel/step.ts';
import {
  centerRect,
  gapLine,
  Overlay,
  type OverlayLine,
  queryLine,
  rowInBox,
  spokenLine,
  textLine,
} from '../ui/components/overlay.tsx';
import { useTheme } from '../ui/components/text.tsx';
import type { Rect } from '../ui/layout.ts';
import { scrollIntoView } from '../ui/scroll.ts';
import { bestMatches, fuzzyScore, matchKind } from '../ui/text/match-text.ts';
import { inputToActionList } from './action-list.ts';
import { allActions, reachableActions, workingKeys } from './actions.ts';
import { VIEWS } from './features.ts';
import { PaletteLine, type PaletteRow, paletteLineCells } from './palette-line.tsx';

/**
 * Tasks that users search for in the palette but that only a command can do. They have no key. The reason of most names
 * the command; one that only prints is run.
 */
export const COMMAND_ACTIONS: readonly Action[] = [
  {
    ...only('doctor', 'Check that all is well, in $PAGER', 'doctor', [
      'doctor',
      'health',
      'diagnose',
      'problems',
    ]),
    available: () => true,
    perform: (state) =>
      step(withNotice(state, 'info', 'Checking the home …'), {
        kind: 'page_command',
        args: ['doctor'],
        tag: 'command.doctor',
      }),
  },
  only('wizard', 'Create a configuration from a page, step by step', 'wizard URL', ['wizard']),
  only('mcp', 'Let an AI assistant manage the jobs', 'mcp', ['mcp', 'claude', 'agent', 'assistant']),
  only('completion', 'Complete commands in the shell', 'completion'),
  only('unit', 'Start the scheduler with the machine', 'scheduler unit', [
    'systemd',
    'launchd',
    'boot',
    'service',
    'autostart',
  ]),
  only('upgrade', 'Upgrade the program', 'upgrade', ['update', 'version', 'release']),
  told('refresh', 'Refresh', 'Not needed: changes appear within a second.', ['reload', 'update', 'sync']),
  told('rename', 'Rename the job', 'A job keeps its id: copy it under another one (C), then delete it (d).', [
    'mv',
  ]),
  told('proxy', 'Use a proxy', 'A line of the configuration (c): proxy: http://host:port', [
    'proxies',
    'vpn',
  ]),
  told('secrets', 'Set passwords and other secrets', 'In the file secrets.env of the home.', [
    'environment',
    'env',
    'password',
    'credentials',
    'token',
    'login',
  ]),
];

/** A task that is done elsewhere: the reason says where. */
function told(name: string, title: string, reason: string, synonyms: readonly string[]): Action {
  return { ...only(name, title, '', synonyms), available: () => reason, command: () => undefined };
}

function only(name: string, title: string, rest: string, synonyms: readonly string[] = []): Action {
  const command = `quickscrape ${rest}`;
  return {
    id: `command.${name}`,
    title,
    synonyms,
    group: 'Program',
    scope: 'everywhere',
    keys: [],
    available: (state) => `In a shell: ${inNamedHome(command, state)}`,
    perform: (state) => step(state),
    command: () => command,
  };
}

/**
 * The actions that match a query, the best match first, including unavailable ones: otherwise Enter could run another
 * action than the one that the user meant. Of two that match about equally well, an available one comes first, unless
 * the words of the other one are complete. Tasks that only a command can do are included, with that reason. If nothing
 * matches, actions of other views are shown. Without a query, available actions come first, urgent ones before the
 * others and movement last.
 */
export function paletteRows(state: State, query: string): readonly PaletteRow[] {
  const here = reachableActions(state).filter(({ id }) => id !== 'palette.open');
  const rowOf = (action: Action): PaletteRow => {
    const available = availability(action, state);
    const [key = ''] = workingKeys(state, action);
    return { action, key: formatKey(key), reason: available === true ? undefined : available };
  };
  if (query.trim() === '') return here.map(rowOf).sort((a, b) => rankOf(a, state) - rankOf(b, state));
  const all = [...here, ...COMMAND_ACTIONS];
  const found = [
    () => matchingActions(state, all, query, 'words'),
    () => matchingActions(state, actionsElsewhere(state, here), query, 'words'),
    // Scattered letters match nearly every title, so they do not count.
    () => matchingActions(state, all, query, 'abbreviated'),
  ];
  for (const find of found) {
    const actions = find();
    if (actions.length > 0) return actions.map(rowOf);
  }
  return [];
}

/** By so much an action of this view is better than one of every view, where both match. */
const OF_THIS_VIEW = 2;
/**
 * By so much an unavailable action is worse that has a whole word of the query: less than one of this view is better,
 * which the user more likely means.
 */
const UNAVAILABLE = 1;
/** The same where only parts of words match: as much as a short word before the match makes a title worse. */
const UNAVAILABLE_IN_PART = 8;

function matchingActions(
  state: State,
  actions: readonly Action[],
  query: string,
  min: 'words' | 'abbreviated',
): readonly Action[] {
  return bestMatches(actions, (action) => {
    const { title, group, id } = action;
    const words = synonymsOf(action);
    const score = fuzzyScore(query, title, `${group} ${id}`, words);
    if (score === undefined || matchKind(score) !== min) return undefined;
    const here = scopesOf(action).includes('everywhere') ? 0 : OF_THIS_VIEW;
    if (availability(action, state) === true) return score - here;
    return score - here + (isInFull(query, title, words) ? UNAVAILABLE : UNAVAILABLE_IN_PART);
  });
}

/** The words by which an action is found, besides those of its title. */
function synonymsOf({ id, synonyms = [] }: Action): readonly string[] {
  return [...synonyms, ...(OTHER_WORDS[id] ?? [])];
}

/** Whether each word of a query is a word of a title, or another word for it. */
function isInFull(query: string, title: string, others: readonly string[]): boolean {
  const words = new Set([...title.toLowerCase().split(/[^\p{L}\p{N}]+/u), ...others]);
  return query
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .every((word) => words.has(word));
}

/** The actions of other views, with the name of the view in which each has a key. Movement is the same everywhere. */
function actionsElsewhere(state: State, here: readonly Action[]): readonly Action[] {
  const titles = new Set(here.map(({ title }) => title));
  const others = allActions(state).filter(({ title, group }) => group !== 'Move' && !titles.has(title));
  return others.flatMap((action) => {
    const [scope = 'everywhere'] = scopesOf(action);
    // Only the palette itself is everywhere and not among those here.
    if (scope === 'everywhere') return [];
    const view = scope.split('/')[0] as ViewName;
    return [{ ...action, available: () => `Only ${VIEWS[view].where}.` }];
  });
}

/** Whether Enter would do the selected action: it is available now. */
export function canDoSelected(state: State, { query, index }: DialogOf<'palette'>): boolean {
  const row = paletteRows(state, query.text)[index];
  return row !== undefined && row.reason === undefined;
}

function rankOf({ action, reason }: PaletteRow, state: State): number {
  if (reason === undefined && action.urgent?.(state) !== undefined) return -1;
  return (reason === undefined ? 0 : 2) + (action.group === 'Move' ? 1 : 0);
}

export const paletteRules: DialogRules<'palette'> = {
  onInput(state, dialog, input) {
    const rows = paletteRows(state, dialog.query.text);
    return inputToActionList(state, dialog, input, {
      rows,
      run: ({ action }) => performAction(closeDialog(state).state, action),
    });
  },
  rowAt(state, dialog, click, body) {
    const rows = paletteRows(state, dialog.query.text);
    return rowInBox(paletteBox(state, dialog, body, rows.length), click);
  },
};

const ROOMY_ROWS = 14;
const MIN_COLUMNS = 84;
/** The frame, and a blank on each side of it. */
const FRAME_CELLS = 4;
const MAX_ROWS = 22;

/** As high as its rows, and as wide as the longest one that can be found: it stays where it is while one types. */
function paletteBox(state: State, { index }: DialogOf<'palette'>, body: Rect, count: number) {
  const roomy = body.rows >= ROOMY_ROWS;
  const columns = Math.max(MIN_COLUMNS, widestRow(state) + FRAME_CELLS);
  const most = centerRect(body, columns, roomy ? Math.min(MAX_ROWS, body.rows - 2) : body.rows);
  // The frame and the query; if there is space, also a gap below the query, and the command after another one.
  const others = roomy ? 6 : 3;
  // The sentences of a screen reader take more than a row each.
  const needed = state.linear ? most.rows : Math.max(1, count) + others;
  const rect = { ...most, rows: Math.min(most.rows, needed) };
  const height = Math.max(1, rect.rows - others);
  const top = scrollIntoView(index, 0, height, count);
  return { rect, roomy, height, top, count, above: roomy ? 2 : 1 };
}

/** The cells of the longest row, whatever is typed. */
function widestRow(state: State): number {
  const here = reachableActions(state);
  const rows = [...here, ...COMMAND_ACTIONS, ...actionsElsewhere(state, here)].map((action) => {
    const available = availability(action, state);
    return paletteLineCells(action.title, available === true ? undefined : available);
  });
  return Math.max(...rows);
}

export function PaletteDialog({ state, dialog, body }: DialogProps<'palette'>) {
  const { screenReader, sign } = useTheme();
  const rows = paletteRows(state, dialog.query.text);
  const { rect, roomy, height, top } = paletteBox(state, dialog, body, rows.length);
  const inner = rect.columns - 4;
  const lines: OverlayLine[] = rows.slice(top, top + height).map((row, at) => ({
    key: row.action.id,
    cells: inner,
    content: (
      <PaletteLine
        row={row}
        query={dialog.query.text}
        synonyms={synonymsOf(row.action)}
        columns={inner}
        selected={top + at === dialog.index}
      />
    ),
  }));
  if (screenReader && lines.length > 0) {
    const texts = rows.slice(top, top + height).map((row, at) => {
      return `${top + at === dialog.index ? sign('pointer') : ''}${spokenRow(row)}`;
    });
    lines.splice(0, lines.length, spokenLine(texts, dialog.index - top, inner, height));
  }
  const none = textLine('none', 'No action matches.', 'faint', inner);
  return (
    <Overlay
      rect={rect}
      title={screenReader && rows.length > 0 ? `Actions, ${dialog.index + 1} of ${rows.length}` : 'Actions'}
      scroll={{ top, height, count: rows.length, index: dialog.index }}
      lines={[
        queryLine(':', dialog.query, inner),
        ...(roomy ? [gapLine('gap')] : []),
        ...(lines.length === 0 ? [none] : lines),
        ...(roomy ? [gapLine('end')] : []),
        commandLine(state, rows[dialog.index]?.action, inner),
      ]}
    />
  );
}

/** An action as a sentence, for screen readers: its title, its key, and why it cannot be done now. */
function spokenRow({ action, key, reason }: PaletteRow): string {
  return [action.title, key, reason === undefined ? '' : `not now: ${reason}`]
    .filter((part) => part !== '')
    .join(', ');
}

/** The command that does the same as the selected action. */
function commandLine(state: State, action: Action | undefined, inner: number): OverlayLine {
  const command = action?.command?.(state);
  const text = command === undefined ? '' : `$ ${inNamedHome(command, state)}`;
  return textLine('command', text, 'faint', inner);
}

/**
 * Words of other programs (k9s, lazygit, cron, Scrapy, shells) by which the palette finds an action, besides its own
 * synonyms. They stand here together, so that one can see which word leads where.
 */
export const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  'jobs.run': ['crawl', 'scrape', 'again', 'now', 'force'],
  'jobs.cancel': ['stop', 'halt', 'end'],
  'jobs.retry': ['again'],
  'jobs.log': ['log', 'logs', 'follow', 'watch', 'stdout', 'stderr'],
  'jobs.toggle': ['snooze', 'suspend', 'stop'],
  'jobs.disable': ['snooze', 'hold', 'suspend', 'mute'],
  'jobs.enable': ['unsuspend', 'unmute'],
  'jobs.delete': ['rm', 'drop', 'destroy', 'uninstall'],
  'jobs.copy-id': ['copy'],
  'jobs.tags': ['group', 'category'],
  'runs.open': ['versions', 'executions', 'builds'],
  'runs.retry': ['again', 'run'],
  'runs.cancel': ['stop', 'halt'],
  'runs.attempts': ['retries', 'tries'],
  'log.open': ['logs', 'stdout', 'stderr', 'follow'],
  'log.level': ['verbosity', 'debug', 'warnings', 'errors'],
  'log.filter': ['grep'],
  'log.search': ['find', 'grep'],
  'log.pager': ['less', 'full', 'logs'],
  'log.follow': ['tail'],
  'items.open': ['output'],
  'items.write': ['sqlite', 'dump'],
  'items.compare': ['changes', 'delta'],
  'items.find': ['search'],
  'items.filter': ['grep'],
  'detail.tab-items': ['items', 'data', 'output', 'results', 'rows'],
  'detail.tab-why': ['describe', 'inspect', 'details', 'info', 'status', 'next', 'reason'],
  'charts.open': ['stats', 'metrics', 'speed', 'slow', 'duration', 'performance'],
  'charts.home': ['stats', 'metrics', 'usage'],
  'form.new': ['cron', 'crontab', 'schedule'],
  'form.edit': ['crontab', 'params', 'arguments', 'interval', 'frequency', 'timezone', 'webhook', 'retries'],
  'form.store': ['save', 'write', 'apply', 'submit'],
  'find.bad': ['error', 'errors', 'failures', 'broken'],
  'find.active': ['queue', 'waiting', 'pending', 'active'],
  'find.clear': ['none', 'clear'],
  'marks.toggle': ['select', 'unselect', 'deselect', 'tick'],
  'marks.all': ['all', 'none', 'select', 'unselect', 'batch', 'bulk', 'multiple'],
  'marks.range': ['visual', 'batch', 'select'],
  'timeline.span': ['week', 'day', 'zoom'],
  'timeline.open': ['next'],
  'messages.open': ['email', 'slack', 'telegram', 'discord', 'webhook', 'alert'],
  'jobs.happenings': ['news', 'feed'],
  'jobs.journal': ['changes', 'versions'],
  'scheduler.show': ['scheduler', 'top', 'ps', 'processes', 'queue', 'slots'],
  'scheduler.start': ['cron', 'up'],
  'scheduler.stop': ['down', 'kill'],
  'workers.open': ['nodes', 'cluster'],
  'workers.drain': ['cordon'],
  'workers.drain-now': ['abort'],
  'workers.revoke': ['kick'],
  'configs.open': ['spider', 'spiders', 'scraper', 'crawler', 'xpath', 'css', 'template', 'pipeline'],
  'configs.new': ['new', 'spider', 'genspider'],
  'configs.users': ['jobs'],
  'configs.test': ['check', 'try', 'parse', 'shell', 'run', 'validate'],
  'configs.edit': ['vim', 'nano', 'yaml', 'open'],
  'configs.delete': ['rm', 'remove'],
  'trash.restore': ['undelete', 'recover'],
  'trash.open': ['versions', 'deleted'],
  'homes.open': ['switch', 'cluster', 'namespace', 'profile'],
  'settings.edit': ['retention', 'cleanup', 'prune', 'keep', 'concurrency'],
  'view.zoom-in': ['wide', 'full', 'maximise'],
  'view.pane': ['window'],
  'looks.contrast': ['skin'],
  'looks.terminal': ['skin'],
  'program.quit': ['logout'],
};
