import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PreferenceFile, preferencePath } from '../../../src/tui/app/preferences.ts';
import { lacks } from '../../platform.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

const HOME = '/home/somebody/.quickscrape';

function stateFile(text?: string): string {
  const file = preferencePath({ XDG_STATE_HOME: tempFolderInMemory() });
  if (text !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return file;
}

async function save(
  file: string,
  changed: Parameters<PreferenceFile['save']>[0],
  home = HOME,
): Promise<void> {
  const preferences = new PreferenceFile(file, home);
  preferences.save(changed);
  await preferences.close();
}

describe('the file of preferences', () => {
  it('is in the user’s state folder; a relative one is ignored', () => {
    expect(preferencePath({ XDG_STATE_HOME: '/s' })).toBe('/s/quickscrape/dashboard.json');
    expect(preferencePath({ XDG_STATE_HOME: 's' })).toBe(preferencePath({}));
    expect(preferencePath({})).toMatch(/^\/.*\/\.local\/state\/quickscrape\/dashboard\.json$/);
  });

  it.skipIf(lacks('modes'))('gives what was saved, readable by its user only', async () => {
    const file = stateFile();
    expect(new PreferenceFile(file, HOME).read()).toEqual({});
    const changed = {
      ...({ sort: { by: 'next', descending: true }, filter: 'state:failed', timelineSpan: 'week' } as const),
      ...({ logWrap: true, chartBars: true, mouse: false, theme: 'high_contrast', signs: 'ascii' } as const),
    };
    await save(file, changed);
    expect(new PreferenceFile(file, HOME).read()).toEqual(changed);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps a filter for each home, and forgets one that was cleared', async () => {
    const file = stateFile();
    await save(file, { filter: 'tag:x' });
    await save(file, { filter: 'tag:y', mouse: false }, '/other');
    expect(new PreferenceFile(file, HOME).read()).toEqual({ filter: 'tag:x', mouse: false });
    await save(file, { filter: '' });
    expect(new PreferenceFile(file, HOME).read()).toEqual({ mouse: false });
    expect(new PreferenceFile(file, '/other').read()).toEqual({ filter: 'tag:y', mouse: false });
  });

  it('changes nothing but what has changed here: another dashboard may have written, or a person', async () => {
    const file = stateFile('{"version":1,"log_wrap":true,"mine":[1]}');
    await save(file, { mouse: false });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      version: 1,
      log_wrap: true,
      mine: [1],
      mouse: false,
    });
  });

  it.each(['{"version":2,"mouse":false}', '{"mouse":false}', '{"version":1,', '[]', ''])(
    'neither follows nor overwrites a file that we did not write: %s',
    async (text) => {
      const file = stateFile(text);
      expect(new PreferenceFile(file, HOME).read()).toEqual({});
      await save(file, { mouse: true });
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );

  it('passes over what makes no sense', () => {
    const file = stateFile(
      '{"version":1,"sort":{"by":"luck"},"filters":[],"timeline_span":7,"log_wrap":"yes","theme":"pink","signs":"ascii"}',
    );
    expect(new PreferenceFile(file, HOME).read()).toEqual({ signs: 'ascii' });
  });

  it('makes no file within the home of the jobs, and goes on where none can be made', async () => {
    const home = tempFolderInMemory();
    const inside = join(home, 'state', 'quickscrape', 'dashboard.json');
    await save(inside, { mouse: false }, home);
    expect(existsSync(dirname(inside))).toBe(false);
    const blocked = join(stateFile('{"version":1}'), 'quickscrape', 'dashboard.json');
    await save(blocked, { mouse: false });
    expect(new PreferenceFile(blocked, HOME).read()).toEqual({});
  });

  it.skipIf(lacks('linux'))('comes to an end where a folder takes no others', async () => {
    const file = preferencePath({ XDG_STATE_HOME: '/proc/nothing' });
    await save(file, { mouse: false });
    expect(existsSync(dirname(file))).toBe(false);
  });
});
