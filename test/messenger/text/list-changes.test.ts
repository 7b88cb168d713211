import { expect, it } from 'vitest';
import { readFacts } from '../../../src/core/messages/message-facts.ts';
import type { Message } from '../../../src/core/messages/message-store.ts';
import { listChanges } from '../../../src/messenger/text/list-changes.ts';
import { addRun } from '../../core/operations/add-run.ts';
import { openHome } from '../../core/operations/open-home.ts';

it('the differences in a message are those that count', async () => {
  const home = await openHome();
  const item = (link: string, price: string, views: number) => ({ link, price, views });
  addRun(home, 'a', { items: [item('/1', '£10', 1), item('/2', '£10', 1), item('/3', '£10', 1)] });
  addRun(home, 'b', { items: [item('/1', '£9', 2), item('/2', '£9.90', 2), item('/4', '£1', 2)] });
  const changes = { added: 0, removed: 0, changed: 1, with_run_id: 'a' };
  const message = { runId: 'b', facts: { ...readFacts('{}', 0), changes } } as Message;
  await home.workspace.configs.write(
    'books',
    'url: "http://127.0.0.1:9/"\nselectors: {link: a, price: b, views: c}\nchanges: {key: link, only: [changed], when: {price: {falls_by_percent: 5}}}\n',
  );
  expect(await listChanges(home.workspace, message)).toEqual({
    changes: [
      { kind: 'changed', name: '/1', link: '/1', values: [{ field: 'price', before: '£10', after: '£9' }] },
    ],
    more: 0,
  });
});
