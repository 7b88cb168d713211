import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCommandString } from 'execa';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandWarnings, refuseShellSyntax, splitCommand } from '../../../src/core/model/callbacks.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

const NONE = { on_success: null, on_failure: null, on_recovery: null, on_change: null };

describe('a command that a job is given', () => {
  const refusal = (on_failure: string | string[], fields = ['on_failure']) => {
    try {
      refuseShellSyntax({ ...NONE, on_failure }, fields);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it
    .skipIf(lacks('shell'))
    .each([
      'mail -s x me | tee log',
      'a && b',
      'a || b',
      'a > file',
      'a >> file',
      'a >file',
      'a 2>/dev/null',
      'a 2>&1',
      'a &> file',
      'a < file',
      'a ; b',
      'a; b',
      'a b; c',
      'a &',
    ])('is refused when it is a string with what only a shell understands: %s', (command) => {
    expect(refusal(command)).toMatchObject({
      code: 'invalid_params',
      field: 'on_failure',
      hint: expect.stringContaining(JSON.stringify(['sh', '-c', command])),
    });
  });

  it.skipIf(lacks('shell')).each([
    ['as an array', ['sh', '-c', 'a | tee log']],
    ['as an array of odd words', ['test', 'a', '>', 'b']],
    ['without one', 'curl -d a=b https://x.example/?a=1&b=2'],
    ['with a space after a backslash', 'notify two\\ words'],
  ])('is taken %s', (_how, command) => expect(refusal(command)).toBeUndefined());

  it('is checked only when it changes, so that other fields of an older job can be edited', () => {
    expect(refusal('a | b', ['tags'])).toBeUndefined();
  });

  it('is split into the words with which it is going to be run', () => {
    const word = fc.stringMatching(/^[a-z|&>;"'$*\\ ]{0,6}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const text = words.join(' ');
        fc.pre(text.trim() !== '');
        expect(splitCommand(text)).toEqual(parseCommandString(text));
      }),
    );
  });
});

describe('what looks wrong with the commands of a job', () => {
  const setting = () => {
    const home = tempFolder();
    const bin = join(home, 'bin');
    mkdirSync(bin);
    for (const [file, mode] of [
      ['bin/there', 0o755],
      ['bin/plain', 0o644],
      ['alert.sh', 0o755],
      ['asleep.sh', 0o644],
    ] as const) {
      writeFileSync(join(home, file), '#!/bin/sh\n');
      chmodSync(join(home, file), mode);
    }
    return {
      home,
      warnings: (on_failure: string | string[]) =>
        commandWarnings({ ...NONE, on_failure }, { home, path: bin }),
    };
  };

  it('is nothing for one on the PATH, one in the home, and one that is named in full', () => {
    const { home, warnings } = setting();
    for (const command of ['there -x', './alert.sh now', `${home}/alert.sh`, ['./alert.sh', 'a | b']])
      expect(warnings(command)).toEqual([]);
    expect(commandWarnings(NONE, { home })).toEqual([]);
  });

  it.each([
    [
      'gone -x',
      /^on_failure: the command gone is not on the PATH of this process; install it, or give its full path\.$/,
    ],
    ['plain', /^on_failure: the command plain is not on the PATH/],
    ['./gone.sh', /^on_failure: .*gone\.sh does not exist\.$/],
    ['/dev/null/x', /^on_failure: \/dev\/null\/x does not exist\.$/],
    ['./bin', /is a folder, not a program\.$/],
    ['there | tee log', /^on_failure: "\|" is taken as it stands, as no shell reads the command/],
    ['there $(date)', /^on_failure: "\$\(date\)" is taken as it stands, as no shell reads the command/],
    ['there `date`', /^on_failure: "`date`" is taken as it stands/],
    ['$HOME/x.sh', /^on_failure: "\$HOME\/x\.sh" is taken as it stands/],
    ['~/x.sh', /^on_failure: "~\/x\.sh" is taken as it stands/],
    ['there "two words"', /^on_failure: ""two" is taken as it stands/],
    [['there', '>', 'log'], /^on_failure: ">" is taken as it stands/],
  ])('is said of %j', (command, said) => {
    expect(setting().warnings(command)).toEqual([expect.stringMatching(said)]);
  });

  it.skipIf(process.getuid?.() === 0 || lacks('modes'))('is that it may not be executed', () => {
    expect(setting().warnings('./asleep.sh')[0]).toMatch(/may not be executed; try: chmod \+x/);
  });

  it('is asked only of the fields that are named', () => {
    const { home } = setting();
    expect(commandWarnings({ ...NONE, on_failure: 'gone' }, { home, path: '' }, ['on_success'])).toEqual([]);
  });
});
