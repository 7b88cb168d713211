import { QuickscrapeError } from '../../core/errors.ts';
import { watchFiles } from '../../core/store/file-watcher.ts';
import { ConfigReader } from './config-reader.ts';
import type { StopWatch } from './keep-watches.ts';
import type { Surroundings } from './surroundings.ts';

/** Reads the configurations and tells of all that changes in them. */
export function watchConfigs({ workspace, send, fail }: Surroundings): StopWatch {
  const reader = new ConfigReader(workspace);
  let closed = false;
  const tell = () => {
    if (closed) return;
    try {
      send({ kind: 'configs', rows: reader.read() });
    } catch (error) {
      if (error instanceof QuickscrapeError) send({ kind: 'said', tone: 'bad', text: error.message });
      else fail(error);
    }
  };
  const watcher = watchFiles(workspace.configs, { onChange: tell });
  const reading = setImmediate(tell);
  return async () => {
    closed = true;
    clearImmediate(reading);
    await watcher.close();
  };
}
