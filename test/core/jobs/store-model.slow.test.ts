import fc from 'fast-check';
import { it } from 'vitest';
import { tempFolderInMemory } from '../../temp-folder.ts';
import { TempStore } from '../fs/temp-store.ts';
import {
  copyRuntime,
  create,
  editByHand,
  Model,
  mend,
  type Process,
  remove,
  removeByHand,
  reopen,
  restore,
  spoil,
  staleUpdate,
  update,
  updateAndCrash,
  updateAtOnce,
} from './store-model.ts';

it('behaves like its model over any sequence of changes, edits by hand, breakages, crashes and restarts', async () => {
  const by = fc.constantFrom<Process>('this', 'this', 'other');
  const id = fc.constantFrom('a', 'b', 'c');
  const number = fc.integer({ min: 0, max: 3 });
  const fields = fc.oneof(fc.record({ priority: number }), fc.record({ retries: number }));
  const commands = fc.commands(
    [
      fc.tuple(by, id, number).map((args) => create(...args)),
      fc.tuple(by, id, fields).map((args) => update(...args)),
      fc.tuple(id, number, number).map((args) => updateAtOnce(...args)),
      fc.tuple(id, number).map((args) => staleUpdate(...args)),
      fc.tuple(id, fc.array(fields, { minLength: 1, maxLength: 3 })).map((args) => updateAndCrash(...args)),
      fc.tuple(by, id).map((args) => remove(...args)),
      fc.tuple(by, id).map((args) => restore(...args)),
      fc.tuple(id, number).map((args) => editByHand(...args)),
      fc.tuple(id, fc.constantFrom('broken' as const, 'newer' as const)).map((args) => spoil(...args)),
      id.map(mend),
      id.map(removeByHand),
      id.map(copyRuntime),
      fc.constant(reopen),
    ],
    { maxCommands: 50, size: 'max' },
  );
  const root = tempFolderInMemory();
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      using real = new TempStore(undefined, undefined, root);
      await fc.asyncModelRun(() => ({ model: new Model(), real }), sequence);
    }),
    { numRuns: Number(process.env['QS_SEQUENCES'] ?? 60) },
  );
}, 3_600_000);
