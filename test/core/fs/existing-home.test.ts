import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { requireHome } from '../../../src/core/fs/home-folder.ts';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

function usedHome(home: string): string {
  openWorkspace({ home, actor: 'library' }).close();
  return home;
}

function refusal(home: string): { message: string; hint?: string } | undefined {
  try {
    requireHome(resolveHome({ home }));
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'home_not_found' });
    return error as { message: string; hint?: string };
  }
}

it.skipIf(lacks('links'))('takes a home, a link to one, and what git has brought of one', ({ folder }) => {
  const home = usedHome(join(folder, 'home'));
  symlinkSync(home, join(folder, 'link'));
  mkdirSync(join(folder, 'cloned', 'jobs'), { recursive: true });
  for (const name of ['home', 'link', 'cloned']) expect(refusal(join(folder, name))).toBeUndefined();
});

it('takes an empty folder to begin in, but none of a home’s own', ({ folder }) => {
  expect(refusal(folder)).toBeUndefined();
  const home = usedHome(join(folder, 'home'));
  expect(refusal(join(home, 'jobs'))?.hint).toContain(`Did you mean ${home}?`);
});

it('refuses a name under which nothing is, and says how to make a home there', () => {
  const home = join(tempFolder(), 'it’s new');
  expect(refusal(home)).toMatchObject({
    message: `there is no home at ${home}`,
    hint: `To make a home there: quickscrape init --home '${home}'`,
  });
});

it('names homes that are spelt alike, wherever on the way the mistake is', ({ folder }) => {
  const home = usedHome(join(folder, 'scraping', 'home'));
  mkdirSync(join(folder, 'scraping', 'homes'));
  expect(refusal(join(folder, 'scraping', 'hmoe'))?.hint).toMatch(`Did you mean ${home}? To make`);
  const far = refusal(join(folder, 'scrapign', 'home'));
  expect(far?.message).toBe(
    `there is no home at ${join(folder, 'scrapign', 'home')}, since there is no folder ${join(folder, 'scrapign')}`,
  );
  expect(far?.hint).toMatch(`Did you mean ${home}? To make`);
});

it('refuses a folder in which other things are, and names a home in it', ({ folder }) => {
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  expect(refusal(folder)).toMatchObject({
    message: `${folder} is not a home: it contains nothing of QuickScrape Jobs`,
    hint: expect.not.stringContaining('Did you mean'),
  });
  const home = usedHome(join(folder, '.quickscrape'));
  expect(refusal(folder)?.hint).toContain(`Did you mean ${home}?`);
});
