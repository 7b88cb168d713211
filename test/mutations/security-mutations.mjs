import { mutation } from './mutation.mjs';

const outputLinks = 'test/reliability/output-links.slow.test.ts';

/** Protection against other users, links and sites. */
export const SECURITY_MUTATIONS = [
  mutation(
    'compiled code is not taken from where others can put some',
    ['compileCacheFolder', '&& (stats.mode & ACCESSIBLE_BY_OTHERS) === 0', ''],
    ['test/core/process/compile-cache.test.ts', 'not in one that others can enter: mode %o'],
  ),
  mutation(
    'an output never lands among our own files',
    ['resolveRunOutput', "refuseHomeFiles(paths, place, 'output_path');", ''],
    [
      'test/core/execution/output-location.test.ts',
      'never lands among our own files: by an absolute path, by .. or by a link',
    ],
  ),
  mutation(
    'an output’s location is checked again when it is written',
    ['tryExport', 'options.mayWrite ?? (() => {})', '() => {}'],
    [outputLinks, 'whether an output may be written is asked once more right before it takes its place'],
  ),
  mutation(
    'and once more right before it takes its place',
    ['replaceOutput', 'target.check();', ''],
    [outputLinks, 'whether an output may be written is asked once more right before it takes its place'],
  ),
  mutation(
    'a link of another user is not followed',
    ['refuseForeignLinks', 'if (stats.uid !== me && stats.uid !== 0) {', 'if (stats.uid < 0) {'],
    [
      'test/core/model/real-path.test.ts',
      'is not written over: at the end of a path, on the way, or behind a link of ours',
    ],
  ),
  mutation(
    'a secret is known in whatever way it is encoded',
    ['decodeEscapes', 'pass < MAX_PASSES', 'pass < 0'],
    ['test/core/lib/redact.test.ts', 'takes a value out of a text %s'],
  ),
  mutation(
    'an id out of a database leads nowhere outside of runs/',
    ['safeFolderName', 'return isName(id) ? id :', 'return id !== "" ? id :'],
    [
      'test/core/execution/links.test.ts',
      'retention leaves runs/ by no id that a foreign database holds: %s, %s',
    ],
  ),
  mutation(
    'a runs folder behind a link is not swept',
    ['removeLeftovers', 'if (isLink(paths.runs)) return;', ''],
    [
      'test/core/execution/links.test.ts',
      'a runs folder that is a link is not swept: another home may keep its runs there',
    ],
  ),
  mutation(
    'a command has the user’s umask',
    ['start', 'process.umask(call.umask);', 'process.umask();'],
    ['test/core/execution/run-callback.test.ts', 'gets the umask that it is to have, and ours stays'],
  ),
  mutation(
    'a database or lock is not reached through a link',
    ['makePrivateFile', 'refuseLink(file);', ''],
    [
      'test/core/execution/links.test.ts',
      'refuses a database, a lock or their side files that are links, and creates nothing at their targets',
    ],
  ),
  mutation(
    'a database and its side files are for their owner only',
    [
      ['openPrivateFile', 'makePrivateFile(file);', 'refuseLink(file);'],
      ['openPrivateFile', 'if ((statSync(file).mode & 0o777) !== 0o600) chmodSync(file, 0o600);', ''],
    ],
    [
      'test/core/home-modes.slow.test.ts',
      'a home at work has no file or folder that others may see: locks, journals, runs, logs, trash, backups',
    ],
  ),
  mutation(
    'a database of a newer version is not even opened to write',
    ['openDatabase', 'refuseNewerFile(file, migrations.length);', ''],
    [
      'test/core/database/newer-version.slow.test.ts',
      'is as it was after every command and a scheduler have met it: %s',
    ],
  ),
];
