import fc from 'fast-check';
import { JOB_STATES } from '../../src/core/jobs/job-display-state.ts';
import type { JobDefinition } from '../../src/core/model/definition.ts';
import { WORKER_STATES } from '../../src/core/workers/worker-list.ts';
import { ACTIONS } from '../../src/tui/app/actions.ts';
import type { ConfigRow } from '../../src/tui/features/config-editor/model.ts';
import { summarizeConfig } from '../../src/tui/features/config-editor/summary.ts';
import type { ActiveRun } from '../../src/tui/home/active-run.ts';
import type { ActivityEntry, HomeEvent } from '../../src/tui/home/home-data.ts';
import type { JobRow } from '../../src/tui/home/job-row.ts';
import type { Event } from '../../src/tui/kernel/model.ts';
import { nameOfChar } from '../../src/tui/runtime/input/key-names.ts';
import { type Input, keyInput } from '../../src/tui/ui/input.ts';
import { HOSTILE } from './hostile-texts.ts';
import { itemPage } from './item-page.ts';
import { homeOf, jobRow, listedWorker, NOW, pastRun } from './job-rows.ts';

const anyText = fc.oneof(
  fc.constantFrom('', 'shop', 'news', 'a b', '9:00', '0 9 * * 1-5', 'https://shop.example/', '["x"', '12'),
  fc.constantFrom(...HOSTILE),
  fc.constant('x'.repeat(20_000)),
);
const someIds = Array.from({ length: 14 }, (_, at) => `job-${at}`);
const anyId = fc.constantFrom(...someIds.slice(0, 4));
const anyRunId = fc.constantFrom('run-0', 'run-1', 'live-1');
const anyStatus = fc.constantFrom(
  'succeeded',
  'failed',
  'timed_out',
  'skipped',
  'missed',
  'cancelled' as const,
);
const anyTime = fc.constantFrom(
  0,
  NOW - 3_600_000,
  NOW,
  NOW + 1,
  NOW + 60_000,
  NOW + 86_400_000,
  Date.UTC(9999, 11),
);

const KEYS = [
  ...new Set([
    ...ACTIONS.flatMap(({ keys }) => keys.flatMap((chord) => chord.split(' '))),
    ...['tab', 'shift+tab', 'up', 'down', 'left', 'right', 'enter', 'space', 'escape', 'backspace', 'delete'],
    ...['pageup', 'pagedown', 'home', 'end', 'ctrl+home', 'ctrl+end', 'ctrl+a', 'ctrl+e', 'ctrl+k', 'ctrl+u'],
    ...['ctrl+w', 'ctrl+left', 'ctrl+right', 'alt+b', 'alt+f', 'ctrl+n', 'alt+x', 'insert', 'f1', 'unknown'],
    ...['y', 'n', '0', '1', '4', '9', 'Y', '.', ',', '"', '[', 'é', '日', '👩‍👩‍👧‍👦', '\u0301', '\ud83d'],
  ]),
].filter((key) => key !== 'ctrl+c');

/** The input of a key by its name; what is no name of a key writes itself. */
function inputOf(key: string): Input {
  if (key === 'space') return keyInput('space', ' ');
  return /^(?:.|.*[^\x20-\x7e].*)$/su.test(key) ? keyInput(nameOfChar(key), key) : keyInput(key);
}

const anyKey = fc.constantFrom(...KEYS).map((key) => [inputOf(key)]);

/** An action found in the palette, since many have no key. */
const anyAction = fc
  .constantFrom(...ACTIONS)
  .map(({ title }) => [inputOf(':'), { kind: 'paste', text: title } as const, inputOf('enter')]);

/** Some keys that go together, by which chance would hardly come anywhere. */
const anyWay = fc
  .constantFrom(
    ...[
      '* d 1 4 enter',
      '* d y',
      '* a y',
      'd y',
      'd n',
      'x y',
      'c d y',
      'c enter e',
      'n ctrl+s y',
      'u y',
      'ctrl+r y',
    ],
    ...[
      'e x ctrl+s ctrl+s',
      'e x escape y',
      'l /',
      'i enter',
      'enter enter',
      'T enter',
      'c n enter',
      '# x enter y',
    ],
    ...['ctrl+s y', 'enter y', 'c t', 'c enter t', 'E', 'v G d y', 'D', 'N enter', 'U enter y'],
  )
  .map((keys) => keys.split(' ').map(inputOf));

const anyMouse = fc
  .record({
    kind: fc.constant('mouse' as const),
    what: fc.constantFrom('press', 'release', 'drag', 'wheel_up', 'wheel_down' as const),
    button: fc.constantFrom('left', 'middle', 'right', 'none' as const),
    column: fc.oneof(fc.nat(320), fc.nat(40)),
    row: fc.oneof(fc.nat(120), fc.nat(12)),
    ...{ shift: fc.boolean(), alt: fc.boolean(), ctrl: fc.boolean() },
  })
  .map((mouse) => [mouse]);

const anySize = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(1, 39, 40, 79, 80, 119, 120)),
    fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 9, 10, 12, 19, 20, 24)),
  )
  .map(([columns, rows]): Event[] => [{ kind: 'resize', columns, rows }]);

const anyRun = fc
  .tuple(anyStatus, fc.constantFrom(0, 1, 3_600_000, 1e11), fc.constantFrom(0, 1, 40, 1e9), anyRunId, anyText)
  .map(([status, ago, items, runId, errorKind]) => ({
    ...pastRun({ status, ago, items, errorKind }),
    runId,
  }));

const anyActiveRun = fc
  .record({
    jobId: anyId,
    startedAt: fc.option(anyTime),
    pages: fc.nat(9),
    progress: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    worker: fc.constantFrom(null, 'paris-1', 'w'.repeat(40)),
  })
  .map(
    (fields): ActiveRun => ({
      ...{ runId: 'live-1', configName: 'shop', status: 'running', trigger: 'manual', requestedBy: 'mcp' },
      ...{
        attempt: 1,
        maxAttempts: 4,
        queuedAt: NOW,
        notBefore: NOW,
        items: 3,
        bytes: 1e6,
        totalPages: null,
      },
      ...{ cancelling: false, ...fields },
    }),
  );

const anyJob = fc
  .record({
    kind: fc.constantFrom('valid', 'valid', 'valid', 'invalid', 'odd id' as const),
    description: anyText,
    tag: anyText,
    enabled: fc.boolean(),
    state: fc.constantFrom(...JOB_STATES),
    nextRun: fc.option(anyTime),
    history: fc.array(anyRun, { maxLength: 3 }),
    revision: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ kind, tag, history, ...fields }) => (id: string): JobRow => {
    const last = history.at(-1) ?? null;
    const row = jobRow(id, { ...fields, tags: [tag], history, last, updatedBy: 'mcp' } as Partial<JobRow>);
    if (kind === 'valid') return { ...row, definition: { ...(row.definition as JobDefinition), ...fields } };
    const strange = kind === 'odd id' ? `${id}${tag}` : id;
    const error = `jobs/${strange}.json, line 3: ${fields.description}`;
    return { ...row, id: strange, definition: null, state: 'invalid', error, configName: null, revision: 0 };
  });

const anyWorker = fc.record({
  name: fc.constantFrom('paris-1', 'lyon-2', 'w'.repeat(40)),
  tags: fc.constantFrom([], ['eu'], ['browser', 'eu']),
  state: fc.constantFrom(...WORKER_STATES),
  slots: fc.constantFrom(0, 1, 1000),
  version: fc.option(anyText),
  lastSeen: fc.option(anyTime),
  skewMs: fc.option(fc.constantFrom(0, -3_000, 86_400_000)),
  drain: fc.constantFrom(0, 1, 2 as const),
  invitedAt: fc.option(anyTime),
  joinedAt: fc.option(anyTime),
});

const anyExecutor = fc.record({
  kind: fc.constantFrom('local', 'bullmq' as const),
  redis: fc.option(
    fc
      .record({ redis: fc.constantFrom('connected', 'away' as const), since: anyTime, words: anyText })
      .map(({ words, ...redis }) => ({ ...redis, ...(words !== '' && { problem: words }) })),
  ),
  workers: fc
    .uniqueArray(anyWorker, { maxLength: 3, selector: ({ name }) => name })
    .map((workers) => workers.map(({ name, ...fields }) => listedWorker(name, fields))),
  warnings: fc.array(anyText, { maxLength: 2 }),
});

const anyHome = fc
  .record({
    jobs: fc.array(fc.tuple(fc.constantFrom(...someIds), anyJob), { maxLength: 14 }),
    all: fc.boolean(),
    runs: fc.array(anyActiveRun, { maxLength: 2 }),
    scheduler: fc.constantFrom('running', 'stopping', 'off' as const),
    words: anyText,
    stale: fc.boolean(),
    slots: fc.constantFrom(0, 1, 4),
    at: anyTime,
    executor: anyExecutor,
  })
  .map(({ jobs, all, runs, scheduler, words, stale, slots, at, executor }): Event[] => {
    const [one] = jobs;
    const made = new Map(all && one ? someIds.map((id) => [id, one[1]] as const) : jobs);
    const rows = [...made]
      .map(([id, make]) => ({ ...make(id), active: runs.filter(({ jobId }) => jobId === id) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const pid = scheduler === 'off' ? null : 4711;
    const about = { state: scheduler, pid, since: pid && at, version: words, slots, slotsUsed: 1, queued: 2 };
    const data = homeOf(rows, {
      runs,
      executor,
      scheduler: { ...about, held: words === '' ? null : words, warnings: [words, words] },
      stale: stale ? { since: at, reason: words } : null,
      loss: stale ? { at, text: words } : null,
    });
    const activity: ActivityEntry[] = rows.slice(0, 3).map(({ id }) => ({
      ...{ what: 'other', at, jobId: id, runId: 'run-0', by: 'mcp', tone: 'plain', text: words },
    }));
    const event: HomeEvent = { kind: 'home', data, changed: rows.map(({ id }) => id), activity };
    return [event];
  });

const anyYaml = fc.oneof(
  anyText,
  fc.constantFrom(
    'name: shop\nurl: https://shop.example/\nselectors:\n  title: h3\n',
    'name: shop\nurl: [https://a.example/, https://b.example/]\npagination: {type: next_button, max_pages: 3}\n',
    ...['a: &a [*a]', '\t- x: }{', '--- !!js/function x\n...\n---\n', '\u0000'],
  ),
);

const anyConfigs = fc
  .array(fc.tuple(fc.constantFrom('shop', 'news', 'gone'), anyYaml, fc.boolean(), anyText), { maxLength: 3 })
  .map((found): Event[] => {
    const rows = [...new Map(found.map((each) => [each[0], each])).values()].map(
      ([name, yaml, readable, words]): ConfigRow => ({
        ...{
          name,
          file: `/home/configs/${name}.yaml`,
          updatedAt: NOW,
          by: 'hand',
          summary: summarizeConfig(yaml),
        },
        ...{ yaml: readable ? yaml : '', revision: readable ? `r${yaml.length}` : null },
        problem: readable ? null : words,
      }),
    );
    return [{ kind: 'configs', rows: rows.sort((a, b) => (a.name < b.name ? -1 : 1)) }];
  });

const anyLogPage = fc.array(fc.tuple(anyText, fc.boolean()), { maxLength: 6 }).map((texts) => {
  const lines = texts.map(([text, dated], at) => ({
    ...{ offset: at * 100, bytes: 100, at: dated ? NOW : null, level: dated ? ('error' as const) : null },
    text: text.replaceAll(/\s/g, ' '),
  }));
  return { lines, from: 0, until: lines.length * 100, size: lines.length * 100, unfinished: undefined };
});

const anyTold = fc.oneof(
  fc
    .tuple(anyRunId, fc.constantFrom('end', 'renewed', 'added', 'older', 'newer' as const), anyLogPage)
    .map(([runId, kind, page]): Event => ({ kind: 'log', runId, event: { kind, page } })),
  fc.tuple(anyRunId, fc.array(fc.nat(900), { maxLength: 4 }), anyText).map(([runId, hits, query]): Event => {
    const filter = { minLevel: 'debug', text: '' } as const;
    const sorted = [...hits].sort((a, b) => a - b);
    return { kind: 'log', runId, event: { kind: 'found', query, filter, hits: sorted } };
  }),
  fc
    .tuple(anyRunId, anyText)
    .map(([runId, problem]): Event => ({ kind: 'log', runId, event: { kind: 'unreadable', problem } })),
  fc
    .tuple(
      anyRunId,
      fc.nat(3),
      fc.array(fc.dictionary(anyText, fc.anything(), { maxKeys: 4 }), { maxLength: 5 }),
    )
    .map(([runId, first, items]): Event => {
      const page = itemPage(items as Record<string, unknown>[], { first });
      return { kind: 'items', runId, event: { kind: 'page', page } };
    }),
  fc
    .tuple(anyRunId, anyText)
    .map(([runId, text]): Event => ({ kind: 'items', runId, event: { kind: 'problem', text } })),
  fc
    .tuple(anyText, fc.constantFrom('info', 'good', 'warning', 'bad' as const))
    .map(([text, tone]): Event => ({ kind: 'said', text, tone })),
  fc.tuple(fc.constantFrom('shop', 'news', 'gone'), anyYaml, anyText).map(([name, yaml, text]): Event => {
    const finding = { path: text, message: text, line: 2, column: 1, hint: text };
    const problem = text === '' ? null : text;
    const check = { yaml, problem, hint: problem, issues: [finding, finding], warnings: [finding] };
    return { kind: 'config_checked', name, check };
  }),
  anyTime.map((now): Event => ({ kind: 'tick', now })),
);

const anyPaste = anyText.map((text): Event[] => [{ kind: 'paste', text }]);

/** What the world does on its own, and what people do; each as the events that it is. */
export const anyEvents: fc.Arbitrary<readonly Event[]> = fc.oneof(
  { weight: 30, arbitrary: anyKey },
  { weight: 6, arbitrary: anyWay },
  { weight: 8, arbitrary: anyAction },
  { weight: 4, arbitrary: anyMouse },
  { weight: 3, arbitrary: anyPaste },
  { weight: 4, arbitrary: anySize },
  { weight: 5, arbitrary: anyHome },
  { weight: 2, arbitrary: anyConfigs },
  { weight: 5, arbitrary: anyTold.map((event) => [event]) },
);
