import { COMMANDS, STAYING } from './each.mjs';
import { ended } from './ended.mjs';
import { PROGRAM } from './workplace.mjs';

/** @throws when the program's own help has a command that no suite measures, or a suite one that the program has not */
export async function assertAllMeasured() {
  const there = (await namesIn([])).filter((name) => !name.endsWith('help') || name === 'help');
  const known = [...Object.keys(COMMANDS), ...Object.keys(STAYING)]
    .map((name) => name.split(' --')[0])
    .filter((name) => name !== 'complete');
  const missing = there.filter((name) => !known.includes(name));
  const gone = known.filter((name) => !there.includes(name));
  if (missing.length > 0)
    throw new Error(`bench/commands/each.mjs does not measure: ${missing.join(', ')}; give each its words`);
  if (gone.length > 0)
    throw new Error(`bench/commands/each.mjs measures what is no command: ${gone.join(', ')}`);
}

/** The names of all commands below a group, as its help lists them. */
async function namesIn(group) {
  const help = await ended([PROGRAM, ...group, '--help']);
  const listed = help.split('\nCommands:\n')[1]?.split('\n\n')[0];
  // A group has commands of its own; a command has none.
  if (listed === undefined) return [group.join(' ')];
  const names = [...listed.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
  const below = await Promise.all(
    names.map((name) => (name === 'help' ? [[...group, name].join(' ')] : namesIn([...group, name]))),
  );
  return below.flat();
}
