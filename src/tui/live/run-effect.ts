import type { Effect, EffectOf } from '../state/effect.ts';
import { withHint } from '../text/sentence.ts';
import { copy } from './copy.ts';
import type { EffectContext } from './effect-context.ts';
import { editFile, editText, pageFile, pageRun, pageText } from './programs.ts';
import { readItems } from './read-items.ts';
import { restoreConfig } from './restore-config.ts';
import { runCall } from './run-call.ts';
import { suspend } from './suspend.ts';
import { toFailure } from './to-failure.ts';
import { readLog } from './watch-log.ts';

/** Who carries out which effect. */
const EFFECT_HANDLERS: {
  readonly [K in Effect['kind']]: (effect: EffectOf<K>, context: EffectContext) => void;
} = {
  call: runCall,
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
  suspend: (_, context) => suspend(context),
  use_mouse: ({ on }, { screen }) => screen.useMouse(on),
};

/** Does what a reducer asked for. What comes of it comes back as an event; so does that it could not be done. */
export function runEffect(effect: Effect, context: EffectContext): void {
  const handler = EFFECT_HANDLERS[effect.kind] as (effect: Effect, context: EffectContext) => void;
  try {
    handler(effect, context);
  } catch (error) {
    const { message, hint } = toFailure(error);
    context.send({ kind: 'said', tone: 'bad', text: withHint(message, hint) });
  }
}
