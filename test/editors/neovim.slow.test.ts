import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { shopHome } from '../cli/shop-home.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { listSite } from './list-site.ts';
import { hasNeovim, session } from './neovim-session.ts';

it.skipIf(!hasNeovim)(
  'Neovim shows jobs as they change, runs them, and shows logs and items',
  async ({ site }) => {
    const { home, json } = shopHome({ page: gatedConfig(site.url) });
    await json('job', 'create', '--config', 'page', '--cron', '@yearly', '--id', 'mine');
    const { code, stderr, lines } = await session('jobs', home, {
      JOB_FILE: join(home, 'jobs', 'mine.json'),
    });
    expect(stderr).toBe('');
    expect(lines).toEqual([
      expect.stringMatching(/^shown: pending mine 20\d\d-/),
      expect.stringMatching(/^shown: disabled mine /),
      'told: mine: enabled',
      expect.stringMatching(/^shown: pending mine 20\d\d-/),
      'told: mine: queued',
      'told: mine: succeeded, 1 item',
      expect.stringMatching(/^shown: succeeded mine /),
      'told: mine: no run is active',
      expect.stringMatching(/^told: QuickScrape: there is no job "nope"/),
      'completed: mine',
      'completed: edit enable',
      expect.stringMatching(/^shown: succeeded .* 1 mine \w+ manual$/),
      'shown: name',
      'shown: only row',
      expect.stringMatching(/^shown: 20\S+ INFO run \w+ of job mine: attempt 1 of 1/),
      'modifiable: false',
      'ended: 0',
    ]);
    expect(code).toBe(0);
  },
);

it.skipIf(!hasNeovim)(
  'Neovim marks errors of a configuration, counts what its selectors match, and makes a new one',
  async ({ site }) => {
    const yaml = gatedConfig(site.url).replace('  name: b\n', '  name: b\n  gone: i\n');
    const { home, json, qs } = shopHome({ page: yaml });
    const expecting = ['--expect-required-fields', 'gone'];
    await json('job', 'create', '--config', 'page', '--cron', '@yearly', '--id', 'mine', ...expecting);
    await qs('job', 'run', 'mine');
    const { code, stderr, lines } = await session('configuration', home, {
      CONFIG_FILE: join(home, 'configs', 'page.yaml'),
      LIST_URL: await listSite(),
    });
    expect(stderr).toBe('');
    expect(lines).toEqual([
      'counted 2: 1 matched',
      'counted 3: 1 row on the page that the run of TIME kept',
      'counted 4: 1 matched',
      'counted 5: matches nothing',
      'counted 2: 1 matched',
      'counted 3: 1 row on the page that the run of TIME kept',
      'counted 4: 1 matched',
      'counted 5: 1 matched',
      expect.stringMatching(/^wrong \d:\d+ Flow sequence/),
      'counts while it is wrong: 0',
      expect.stringMatching(/^told: Reading http/),
      'told: drawn: 6 items on the first pages',
      'opened: drawn.yaml',
      'ended: 0',
    ]);
    expect(code).toBe(0);
    expect(existsSync(join(home, 'configs', 'drawn.yaml'))).toBe(true);
  },
);
