import type { Command } from 'commander';
import type { NamedHome } from '../../core/fs/homes-file.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { pluralize } from '../../core/lib/text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { renderTable } from '../render/table.ts';

/** How long a machine may take to answer ssh, and the program there its first call, in seconds. */
const [CONNECT_SECONDS, ANSWER_SECONDS] = [10, 20];

interface HomeRow {
  name: string;
  place: string;
  reachable: boolean;
  /** Of a home that is reachable: its jobs, and whether a scheduler runs. */
  jobs: number | null;
  scheduler: boolean | null;
  problem: string | null;
  hint: string | null;
}

export function homesCommand(): Command {
  const command = leafCommand('homes', {
    overSsh: true,
    description:
      'List the homes of homes.yaml, and whether each can be reached. A name stands for its home: --home @name. A home on another machine is reached through ssh, which asks for no password here.',
    json: '{ file, homes, problems }: each home with name, place, reachable, jobs, scheduler, problem, hint',
    examples: [
      ['homes', 'which names are there, and does each work?'],
      ['job list --home @acme', 'the jobs of the home that is called acme'],
    ],
  });
  return onCommand<[], object>(command, async (context) => {
    const { homesFilePath, readHomesFile } = await import('../../core/fs/homes-file.ts');
    const { file, homes: named, problems } = readHomesFile(homesFilePath(process.env));
    const homes = await Promise.all(named.map(examine));
    const answer = { file, homes, problems: problems.map(({ problem }) => problem) };
    await context.print(answer, () =>
      homes.length === 0
        ? ''
        : renderTable(
            [
              { title: 'HOME', value: ({ name }) => `@${name}` },
              { title: 'PLACE', value: ({ place }) => place, flexible: true },
              {
                title: 'STATE',
                value: describeState,
                flexible: true,
                paint: (text, { reachable }) => (reachable ? text : context.out.colors.red(text)),
              },
            ],
            homes,
            context.out,
          ),
    );
    if (context.globals.format === 'table') {
      for (const { name, hint } of homes) if (hint !== null) context.printMessage(`@${name}: ${hint}`);
      for (const problem of answer.problems)
        context.printMessage(`${context.err.colors.red('error:')} ${problem}`);
      if (homes.length + problems.length === 0)
        context.printMessage(
          `No home has a name yet. Add a line to ${file}, such as:\n\nacme: ~/scrapes/acme`,
        );
    }
    return problems.length === 0 ? EXIT.done : EXIT.usage;
  });
}

function describeState({ problem, jobs, scheduler }: HomeRow): string {
  if (problem !== null) return problem;
  return `${pluralize(jobs ?? 0, 'job')}, ${scheduler ? 'scheduler runs' : 'no scheduler runs'}`;
}

/** Asks a home for its scheduler, as a command would. */
async function examine(home: NamedHome): Promise<HomeRow> {
  const { name, place } = home;
  try {
    const { jobs, running } = await readScheduler(home);
    return { name, place, reachable: true, jobs, scheduler: running, problem: null, hint: null };
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    const unknown = { jobs: null, scheduler: null };
    return { name, place, reachable: false, ...unknown, problem: error.message, hint: error.hint ?? null };
  }
}

async function readScheduler({ name, folder, ssh }: NamedHome): Promise<{ jobs: number; running: boolean }> {
  if (ssh === undefined) {
    const [{ openWorkspace }, { invokeOperation }] = await Promise.all([
      import('../../core/workspace.ts'),
      import('../../core/operations/call-operation.ts'),
    ]);
    const workspace = openWorkspace({ home: folder, actor: 'cli', missing: 'refuse' });
    try {
      return await invokeOperation(workspace, 'get_scheduler', {});
    } finally {
      workspace.close();
    }
  }
  const { RemoteConnection } = await import('../../rpc/json-rpc/remote-connection.ts');
  const remote = { name: `@${name}`, ssh } as const;
  const connection = new RemoteConnection(remote, {
    isBatch: true,
    connectSeconds: CONNECT_SECONDS,
    answerSeconds: ANSWER_SECONDS,
  });
  try {
    return await connection.call('get_scheduler', {});
  } finally {
    connection.close();
  }
}
