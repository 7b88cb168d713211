import { readFileSync } from 'node:fs';
import { ConfigEdits } from '../../core/configs/config-edits.ts';
import { wrapUnavailable } from '../../core/fs/unavailable.ts';
import type { EffectOf } from '../state/effect.ts';
import { withHint } from '../text/sentence.ts';
import type { EffectContext } from './effect-context.ts';
import { readConfigNow } from './job-before.ts';
import { toFailure } from './to-failure.ts';
import { waitForStore } from './wait-for-store.ts';

/**
 * Brings a version of a configuration back from the trash as it was, whether it can run or not: `save_config` would refuse
 * one that cannot.
 */
export function restoreConfig(effect: EffectOf<'restore_config'>, context: EffectContext): void {
  const { name, file, ifRevision } = effect;
  const { workspace, readOnly, send } = context;
  const restore = async () => {
    if (readOnly) return;
    await waitForStore(context);
    const yaml = wrapUnavailable(`cannot read ${file}`, () => readFileSync(file, 'utf8'));
    const before = readConfigNow(workspace, name);
    const { revision, changed } = await new ConfigEdits(workspace).save(name, yaml, ifRevision);
    if (before && changed)
      send({ kind: 'config_restored', name, before: before.version, after: { yaml, revision } });
    send({ kind: 'said', tone: 'good', text: `${name} was brought back. u takes it back.` });
  };
  restore().catch((error: unknown) => {
    const { message, hint } = toFailure(error);
    send({ kind: 'said', tone: 'bad', text: `${name} was not brought back: ${withHint(message, hint)}` });
  });
}
