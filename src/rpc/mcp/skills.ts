import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { late } from '../../core/lib/late-modules.ts';
import { once } from '../../core/lib/once.ts';
import type { LazyWorkspace } from './lazy-workspace.ts';
import { skillPages } from './skill-pages.ts';

const loadSkills = late(() => import('@modelcontextprotocol/server/ext/skills'));

/** The extension for skills (SEP-2640, final since 2026-09-13). */
export const SKILLS_EXTENSION = 'io.modelcontextprotocol/skills';
const TEMPLATE = 'skill://{name}/SKILL.md';
const MIME_TYPE = 'text/markdown';

/** How long a client may keep a list or an entry: skills change only with the server. */
const CACHE = { ttlMs: 3_600_000, cacheScope: 'private' } as const;

/**
 * Serves the skills as resources, with the two methods of the extension. Their texts name only tools that this server
 * offers. The SDK's own extension would read all skills before the first answer; here the first request for one does.
 */
export function registerSkills(server: McpServer, { tools }: Pick<LazyWorkspace, 'tools'>): void {
  const pages = once(() => skillPages({ tools }));
  const entries = once(async () => {
    const { skillEntry } = await loadSkills();
    return Promise.all(pages().map(({ name, page }) => skillEntry(name, { 'SKILL.md': page })));
  });
  server.registerResource(
    'skill',
    new ResourceTemplate(TEMPLATE, {
      list: () => ({
        resources: pages().map(({ name, description }) => ({
          uri: skillUri(name),
          name,
          description,
          mimeType: MIME_TYPE,
        })),
      }),
      complete: {
        name: (value) => pages().flatMap(({ name }) => (name.startsWith(value) ? [name] : [])),
      },
    }),
    { title: 'A skill', description: 'How to do a task with these tools.', mimeType: MIME_TYPE },
    (uri, { name }) => {
      const skill = pages().find((one) => one.name === name);
      if (skill === undefined) throw new ResourceNotFoundError(uri.href);
      return { contents: [{ uri: uri.href, mimeType: MIME_TYPE, text: skill.page }] };
    },
  );
  const { server: protocol } = server;
  // Revisions before 2026-07-28 know no cache fields.
  const cached = <T extends object>(result: T) =>
    (protocol.getNegotiatedProtocolVersion() ?? '') >= '2026-07-28' ? { ...result, ...CACHE } : result;
  protocol.setRequestHandler('skills/list', { params: z.object({}) }, async () =>
    cached({ skills: await entries() }),
  );
  protocol.setRequestHandler('skills/get', { params: z.object({ uri: z.string() }) }, async ({ uri }) => {
    const skill = (await entries()).find((one) => one.uri === uri);
    if (skill !== undefined) return cached({ skill });
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `no such skill: ${uri.slice(0, 200)}`);
  });
}

function skillUri(name: string): string {
  return TEMPLATE.replace('{name}', name);
}
