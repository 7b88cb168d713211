import { expect, it } from 'vitest';
import { withRun } from '../crawl/with-run.ts';
import { noBrowserHere } from './browser-site.ts';

const { site, run } = withRun();

const CONFIG = `url: "{site}/"
backend: auto
embedded: "script#data"
item: "json:$.result[*]"
selectors: { name: "json:$.name" }
`;

it.skipIf(noBrowserHere !== undefined).each([
  ['shows', ''],
  ['no longer has', 'document.getElementById("data").remove();'],
])(
  'the near miss is in the hint when the page that a browser %s the data of has no rows',
  async (_, script) => {
    site().html(
      '/',
      `<!DOCTYPE html><title>x</title><script type="application/json" id="data">{"results":[{"name":"A"}]}</script>
<div id="root"></div><script>root.innerHTML = '<p>A</p>';${script}</script>`,
    );
    await expect(run(CONFIG)).rejects.toMatchObject({
      kind: 'no_items',
      hint: expect.stringMatching(
        /^"json:\$\.result\[\*\]" matches nothing on .* Did you mean \$\.results\?/,
      ),
    });
  },
);
