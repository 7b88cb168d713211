import type { Effect, EffectOf } from '../state/effect.ts';
import { withHint } from '../text/sentence.ts';
import { callForAnswer } from './call.ts';
import { copy } from './copy.ts';
import { failureOf } from './failure.ts';
import { editFile, editText, pageFile, pageRun, pageText } from './programs.ts';
import { readItems } from './read-items.ts';
import { restoreConfig } from './restore-config.ts';
import type { Surroundings } from './surroundings.ts';
import { suspend } from './suspend.ts';
import { readLog } from './watch-log.ts';

/** Who carries out which effect. */
const CARRIERS: {
  readonly [K in Effect['kind']]: (effect: EffectOf<K>, surroundings: Surroundings) => void;
} = {
  call: callForAnswer,
  copy,
  edit_file: editFile,
  edit_text: editText,
  page_file: pageFile,
  page_run: pageRun,
  page_text: pageText,
  read_items: readItems,
  read_log: readLog,
  restore_config: restoreConfig,
  quit: ({ exitCode }, { quit }) => quit(exitCode),
  save_preferences: ({ changed }, { preferences }) => preferences.save(changed),
  suspend: (_, surroundings) => suspend(surroundings),
  use_mouse: ({ on }, { screen }) => screen.useMouse(on),
};

/** Does what a reducer asked for. What comes of it comes back as an event; so does that it could not be done. */
export function carryOut(effect: Effect, surroundings: Surroundings): void {
  const carrier = CARRIERS[effect.kind] as (effect: Effect, surroundings: Surroundings) => void;
  try {
    carrier(effect, surroundings);
  } catch (error) {
    const { message, hint } = failureOf(error);
    surroundings.send({ kind: 'said', tone: 'bad', text: withHint(message, hint) });
  }
}
