import { watchFiles } from '../../core/fs/file-watcher.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { ConfigReader } from './config-reader.ts';
import type { EffectContext } from './effect-context.ts';
import type { Unsubscribe } from './subscription-manager.ts';

/** Reads the configurations and tells of all that changes in them. */
export function watchConfigs({ workspace, send, fail }: EffectContext): Unsubscribe {
  const reader = new ConfigReader(workspace);
  let closed = false;
  const sendConfigs = () => {
    if (closed) return;
    try {
      send({ kind: 'configs', rows: reader.read() });
    } catch (error) {
      if (error instanceof QuickscrapeError) send({ kind: 'said', tone: 'bad', text: error.message });
      else fail(error);
    }
  };
  const watcher = watchFiles(workspace.configs, { onChange: sendConfigs });
  const reading = setImmediate(sendConfigs);
  return async () => {
    closed = true;
    clearImmediate(reading);
    await watcher.close();
  };
}
