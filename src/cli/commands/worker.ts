import { Argument, type Command } from 'commander';
import { programCommand } from '../../core/lib/installation.ts';
import { pluralize } from '../../core/lib/text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { integerParser, parseCommaList, parseFilePath } from '../flags/flag-values.ts';
import type { WorkerUnitFlags } from './print-unit.ts';
import type { StartWorkerFlags } from './start-worker.ts';

/** Where the service file looks for the invitation and the password of Redis. */
const JOIN_FILE = '/etc/quickscrape/join';
const PASSWORD_FILE = '/etc/quickscrape/redis-password';

export function workerInvite(): Command {
  const command = leafCommand('invite <name>', {
    description:
      'Invite a worker on another machine: prints its invitation, one line that is a secret. It may be used within seven days.',
    json: '{ name, tags, invitation }',
    examples: [
      [
        'worker invite paris-1 --tags browser,eu > join',
        'a worker for jobs that ask for browser, eu or both',
      ],
      ['worker invite lab --redis rediss://redis.example:6380', 'where it reaches Redis by another address'],
    ],
  })
    .option('--tags <tags>', 'what jobs may ask for, separated by commas', parseCommaList)
    .option('--redis <address>', 'how the worker reaches Redis (default: the setting executor_redis)')
    .option('--redis-user <user>', 'the user as which it signs in to Redis');
  return onCommand<[string], { tags?: string[]; redis?: string; redisUser?: string }>(
    command,
    async (context, [name], { tags = [], redis, redisUser }) => {
      const { inviteWorker } = await import('./invite-worker.ts');
      const invited = await inviteWorker(await context.workspace(), { name, tags, redis, redisUser });
      await context.print({ name, ...invited }, () => invited.invitation);
      context.printMessage(
        [
          `Worker ${name} is invited. The line is a secret: who has it acts as this worker.`,
          'On the other machine, put it into a file that only the worker can read, and run:',
          `  ${programCommand()} worker start --join-file FILE`,
          'If Redis has a password, add --redis-password-file FILE.',
        ].join('\n'),
      );
    },
  );
}

export function workerStart(): Command {
  const command = leafCommand('start', {
    overSsh: true,
    description:
      'Execute runs of the home that has invited this machine, until a signal or a drain. The first signal lets active runs finish, a second one cancels them, a third one ends at once.',
    json: 'nothing: its log is on stderr',
    examples: [
      ['worker start --join-file join', 'with the line that `worker invite` printed at home, in a file'],
      [
        'worker start --join-file join --slots 4 --allow-private 10.0.0.5:8080',
        'four runs at once; configurations may reach one host of its own network',
      ],
    ],
  })
    .option('--join-file <file>', 'the file of its invitation (default: standard input)', parseFilePath)
    .option(
      '--slots <n>',
      'how many runs it executes at once (default: one per processor)',
      integerParser(1, 1000),
    )
    .option('--dir <dir>', 'where it keeps the files of its runs until they are at home', parseFilePath)
    .option(
      '--allow-private <hosts>',
      'hosts of private networks that configurations may reach from here, separated by commas',
      parseCommaList,
    )
    .option(
      '--redis-password-file <file>',
      'the file with the password of Redis (default: the variable QUICKSCRAPE_REDIS_PASSWORD, which other processes of this user can read)',
      parseFilePath,
    );
  return onCommand<[], StartWorkerFlags>(command, async (context, _, flags) => {
    const { startWorker } = await import('./start-worker.ts');
    return startWorker(context, flags);
  });
}

export function workerList(): Command {
  const command = leafCommand('list', {
    overSsh: true,
    description: 'List the workers on other machines: their state, runs, tags and when each was last heard.',
    json: 'list_workers: { workers }',
    examples: [['worker list', 'which workers are there, and what they do']],
  });
  return onCommand<[], object>(command, async (context) => {
    const answer = await context.invoke('list_workers', {});
    const { unusableWorkers, workerTable } = await import('../render/worker-view.ts');
    await context.print(answer, () =>
      answer.workers.length > 0
        ? [workerTable(answer.workers, context.out), ...unusableWorkers(answer.workers)].join('\n')
        : `No workers are invited. Invite one with: ${context.command('worker invite NAME')}`,
    );
  });
}

export function workerDrain(): Command {
  const command = leafCommand('drain <worker>', {
    overSsh: true,
    description: 'Ask a worker to take no more runs, and to end when those that it executes have finished.',
    json: 'drain_worker: { worker }',
    examples: [['worker drain paris-1', 'before its machine is updated']],
  }).option('--now', 'cancel the runs that it executes');
  return onCommand<[string], { now?: boolean }>(command, async (context, [name], { now = false }) => {
    const answer = await context.call('drain_worker', { name, now });
    await context.print(answer, () =>
      now
        ? `Worker ${name} ends; its runs are cancelled.`
        : `Worker ${name} ends after ${pluralize(answer.worker.running, 'active run')}.`,
    );
  });
}

export function workerRevoke(): Command {
  const command = leafCommand('revoke <worker>', {
    overSsh: true,
    description: 'End the invitation of a worker: this home answers it no more.',
    json: 'revoke_worker: { worker }',
    examples: [['worker revoke paris-1', 'its machine was lost, or it needs a new invitation']],
  });
  return onCommand<[string], object>(command, async (context, [name]) => {
    const answer = await context.call('revoke_worker', { name });
    await context.print(answer, () => `Worker ${name} is revoked.`);
  });
}

export function workerUnit(): Command {
  const command = leafCommand('unit', {
    overSsh: true,
    description: 'Print a service file that keeps a worker running on this machine.',
    json: '{ kind, text }: the service file',
    examples: [
      [
        'worker unit systemd > /etc/systemd/system/quickscrape-worker.service',
        'then: systemctl enable --now quickscrape-worker; a stop waits for its runs',
      ],
    ],
  })
    .addArgument(new Argument('<kind>', 'which service manager').choices(['systemd']))
    .option('--join-file <file>', `the file of its invitation (default ${JOIN_FILE})`, parseFilePath)
    .option('--run-as <user>', 'the user that it runs as (default: one that systemd makes for it)')
    .option(
      '--dir <dir>',
      'with --run-as: where it keeps the files of its runs (default: a folder in /var/lib)',
      parseFilePath,
    )
    .option(
      '--redis-password-file <file>',
      `the file with the password of Redis, empty for none (default ${PASSWORD_FILE})`,
      parseFilePath,
    );
  return onCommand<['systemd'], Partial<WorkerUnitFlags>>(
    command,
    async (context, _, { joinFile = JOIN_FILE, redisPasswordFile = PASSWORD_FILE, ...flags }) => {
      const { printWorkerUnit } = await import('./print-unit.ts');
      await printWorkerUnit(context, { ...flags, joinFile, redisPasswordFile });
    },
  );
}
