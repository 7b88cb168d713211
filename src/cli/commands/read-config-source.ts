import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { unreadableConfig } from '../../core/configs/config-store.ts';
import { MAX_CONFIG_BYTES } from '../../core/configs/config-values.ts';
import { decodeYaml, readRegularFile, UnreadableFileError } from '../../core/fs/read-regular-file.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { CommandContext } from '../context/context.ts';

export interface ConfigSource {
  name: string;
  yaml: string;
  /** The name that messages show. */
  file: string;
  /** Whether it is a file, and not a configuration of the home. */
  isFile: boolean;
}

/**
 * Reads the configuration of a CONFIG|FILE argument: a file if it contains a slash or ends in .yaml or .yml, else the
 * home's configuration of that name.
 * @throws QuickscrapeError `config_not_found`; `invalid_config` for a file that is not readable or not UTF-8
 */
export async function readConfigSource(context: CommandContext, argument: string): Promise<ConfigSource> {
  if (/^https?:\/\//i.test(argument)) {
    throw new QuickscrapeError('config_not_found', `${argument} is an address, not a configuration`, {
      hint: `A configuration says what to take from it. Make one from the page with: ${context.command(`wizard "${argument}"`)}`,
    });
  }
  if (!/[/\\]|\.ya?ml$/i.test(argument)) {
    const { config_name, yaml, file } = await context
      .call('get_config', { config_name: argument })
      .catch((error: unknown) => {
        throw withFileHint(error, argument);
      });
    return { name: config_name, yaml, file, isFile: false };
  }
  try {
    const yaml = decodeYaml(readRegularFile(argument, MAX_CONFIG_BYTES), argument);
    return { name: basename(argument, extname(argument)), yaml, file: argument, isFile: true };
  } catch (error) {
    if (error instanceof QuickscrapeError) throw error;
    if (error instanceof UnreadableFileError) throw unreadableConfig(error);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new QuickscrapeError('config_not_found', `there is no file ${argument}`, {
        hint: `A name without a slash and without .yaml means a configuration of the home: ${context.command('list')} shows them.`,
      });
    }
    throw new QuickscrapeError('invalid_config', `${argument} cannot be read: ${message}`, { cause: error });
  }
}

/** For a name without its ending, of a file in this folder. */
function withFileHint(error: unknown, name: string): unknown {
  if (!(error instanceof QuickscrapeError) || error.code !== 'config_not_found') return error;
  const file = ['.yaml', '.yml'].map((ending) => name + ending).find((each) => existsSync(each));
  if (file === undefined) return error;
  return new QuickscrapeError(error.code, error.message, {
    hint: `The home has no configuration of this name, and this folder has a file: write ${file}.`,
    cause: error,
  });
}
