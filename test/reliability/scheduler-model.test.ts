import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolderInMemory } from '../temp-folder.ts';
import { isAllowedTime, type Model, World } from './scheduler-model.ts';
import { RULES } from './scheduler-rules.ts';

const SEQUENCES = Number(process.env['QS_SEQUENCES'] ?? 30);
const SEED = Number(process.env['QS_SEED'] ?? Date.now() % 2 ** 31);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One thing that happens to a scheduler or its jobs. */
class Step implements fc.Command<Model, World> {
  readonly #words: string;
  readonly #may: (model: Model) => boolean;
  readonly #happen: (model: Model, world: World) => void;

  constructor(words: string, may: (model: Model) => boolean, happen: (model: Model, world: World) => void) {
    this.#words = words;
    this.#may = may;
    this.#happen = happen;
  }

  check(model: Readonly<Model>): boolean {
    return this.#may(model);
  }

  run(model: Model, world: World): void {
    this.#happen(model, world);
    world.settle(model);
  }

  toString(): string {
    return this.#words;
  }
}

const minutes = (least: number, most: number) =>
  fc.integer({ min: least * 60, max: most * 60 }).map((s) => s * 1000);
const job = fc.integer({ min: 0, max: 1 });

function moves(words: string, by: fc.Arbitrary<number>, move: 'stall' | 'step' | 'suspend') {
  return by.map(
    (ms) =>
      new Step(
        `${words} ${ms / 1000} s`,
        (model) => isAllowedTime(model, model.now + ms),
        (model, world) =>
          move === 'stall' ? world.look(model, () => world.clock.stall(ms)) : world.clock[move](ms),
      ),
  );
}

/** The time until a job is due, and some seconds: about where an occurrence is late. */
const dueAndLater = fc
  .tuple(fc.integer({ min: 0, max: 1 }), fc.constantFrom(1, 9, 11, 30, 59, 61))
  .map(([index, seconds]) => {
    const wait = (model: Model) => {
      const due = RULES[model.jobs[index]?.rule ?? 0]?.calendar.find((at) => at > model.now);
      return due === undefined ? 0 : due - model.now + seconds * 1000;
    };
    return new Step(
      `time goes by until ${seconds} s after ${index} is due`,
      (model) => isAllowedTime(model, model.now + wait(model)),
      (model, world) => world.look(model, () => world.clock.stall(wait(model))),
    );
  });

/** Whether nothing of a rule comes due before the scheduler hears of it. */
const isQuiet = (rule: number, from: number) =>
  RULES[rule]?.calendar.every((at) => at <= from || at > from + 15_000) ?? true;

/** Somebody changes a job while the scheduler is held up; it looks at the clock before it hears of it. */
const editedMeanwhile = fc
  .tuple(fc.integer({ min: 0, max: 1 }), fc.nat({ max: RULES.length - 1 }), minutes(1, 3 * 60))
  .map(([index, rule, ms]) => {
    const edit = changes(
      `for ${ms / 1000} s nothing goes on, then rule ${rule} for`,
      index,
      (changed) => Object.assign(changed, { rule }),
      (model) => model.alive && isAllowedTime(model, model.now + ms) && isQuiet(rule, model.now + ms),
      (world, changed, model) => {
        world.writeUnseen(index, changed);
        world.wakeUp(model, index);
      },
      (world) => world.clock.suspend(ms),
    );
    return edit;
  });

function changes(
  words: string,
  index: number,
  change: (job: Model['jobs'][number]) => void,
  may: (model: Model) => boolean = () => true,
  write: (world: World, changed: Model['jobs'][number], model: Model) => void = (world, changed) =>
    world.write(index, changed),
  first: (world: World) => void = () => {},
) {
  return new Step(`${words} ${index}`, may, (model, world) => {
    const changed = model.jobs[index];
    if (!changed) return;
    first(world);
    const { rule, from, seenTo } = changed;
    const decided = RULES[rule]?.calendar.findLast((at) => at > from && at <= seenTo) ?? from;
    const before = JSON.stringify([changed.rule, changed.enabled]);
    change(changed);
    if (JSON.stringify([changed.rule, changed.enabled]) !== before) {
      changed.from = Math.max(world.clock.now(), decided);
      changed.seenTo = changed.from;
    }
    write(world, changed, model);
  });
}

const commands = fc.commands(
  [
    moves('time goes by:', minutes(0, 90), 'stall'),
    moves('time goes by:', minutes(0, 3), 'stall'),
    dueAndLater,
    editedMeanwhile,
    moves('the clock is set forward by', minutes(0, 20 * 60), 'step'),
    moves(
      'the clock is set back by',
      minutes(0, 20 * 60).map((ms) => -ms),
      'step',
    ),
    moves('the clock is set back by', fc.constantFrom(-1_000, -6_000, -HOUR, -72 * HOUR), 'step'),
    moves('the clock is set forward by', fc.constantFrom(1_000, 6_000, HOUR, 72 * HOUR), 'step'),
    moves('the machine sleeps for', minutes(1, 8 * 60), 'suspend'),
    job.map((index) => changes('disable', index, (changed) => Object.assign(changed, { enabled: false }))),
    job.map((index) => changes('enable', index, (changed) => Object.assign(changed, { enabled: true }))),
    fc
      .tuple(job, fc.nat({ max: RULES.length - 1 }))
      .map(([index, rule]) =>
        changes(`rule ${rule} for`, index, (changed) => Object.assign(changed, { rule })),
      ),
    job.map(
      (index) =>
        new Step(
          `run now ${index}`,
          () => true,
          (_model, world) => world.runNow(index),
        ),
    ),
    fc.constantFrom('succeeded' as const, 'failed' as const).map(
      (outcome) =>
        new Step(
          `a run ends: ${outcome}`,
          () => true,
          (_, world) => world.endOldest(outcome),
        ),
    ),
    fc.constant(
      new Step(
        'the scheduler is killed',
        ({ alive }) => alive,
        (model, world) => {
          world.crash();
          model.alive = false;
        },
      ),
    ),
    ...[1, 2].map(() =>
      fc.constant(
        new Step(
          'a scheduler starts',
          ({ alive }) => !alive,
          (model, world) => {
            model.alive = true;
            world.look(model, () => world.begin());
          },
        ),
      ),
    ),
    fc.constant(
      new Step(
        'the history is cleared',
        (model) => isAllowedTime({ ...model, pruned: true }, model.now),
        (model, world) => {
          world.prune();
          model.pruned = true;
        },
      ),
    ),
  ],
  { maxCommands: 30 },
);

const policy = fc.record({
  rule: fc.nat({ max: RULES.length - 1 }),
  overlap: fc.constantFrom('skip', 'queue', 'cancel_running', 'allow'),
  catch_up: fc.constantFrom('latest', 'all', 'none'),
  misfire_grace_time: fc.constantFrom(null, 600, 7200),
  max_retries: fc.nat({ max: 1 }),
});

describe('a scheduler under any sequence of events and clock changes', () => {
  it(
    'decides each occurrence once, with the outcome that it must have, and gives each run an end',
    () => {
      const world = new World(tempFolderInMemory());
      const property = fc.property(fc.tuple(policy, policy), commands, (policies, steps) => {
        const model = world.reset(policies);
        world.begin();
        model.alive = true;
        fc.modelRun(() => ({ model, real: world }), steps);
        world.finish(model);
      });
      try {
        const result = fc.check(property, { numRuns: SEQUENCES, seed: SEED, endOnFailure: false });
        expect(result.failed ? fc.defaultReportMessage(result) : '', `QS_SEED=${SEED}`).toBe('');
      } finally {
        world.workspace.close();
      }
    },
    300_000 + SEQUENCES * 1_000,
  );
});
