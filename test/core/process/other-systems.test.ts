import { describe, expect, it } from 'vitest';
import { parseBootId } from '../../../src/core/process/identity.ts';
import { hangUp, hasJobControl } from '../../../src/core/process/platform.ts';
import { canMeasureMemory, parsePs } from '../../../src/core/process/process-table.ts';
import { taskkillCall } from '../../../src/core/process/process-tree.ts';
import { serviceManager } from '../../../src/core/process/system-facts.ts';

describe('on macOS', () => {
  it('processes are read from ps, with the start time as it prints it; zombies do not count', () => {
    const printed = `    1     0     1 Ss   Mon Nov 30 08:00:01 2026
  501     1   501 S+   Mon Nov 30 09:12:44 2026
  502   501   501 Z    Mon Nov 30 09:12:45 2026
`;
    expect(parsePs(printed)).toEqual([
      { pid: 1, parent: 0, group: 1, start: 'Mon Nov 30 08:00:01 2026' },
      { pid: 501, parent: 1, group: 501, start: 'Mon Nov 30 09:12:44 2026' },
    ]);
  });

  it('services are those of launchd, of the user before those of the system', () => {
    expect(serviceManager('darwin', {}, '/Users/me')).toEqual({
      kind: 'launchd',
      folders: ['/Users/me/Library/LaunchAgents', '/Library/LaunchAgents', '/Library/LaunchDaemons'],
    });
  });
});

describe('on Windows', () => {
  it('a boot has the number that the registry counts, so that a pid of an earlier boot is no live process', () => {
    const printed = `\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters\r
    BootId    REG_DWORD    0x1a7\r\n\r\n`;
    expect(parseBootId(printed)).toBe('1a7');
    expect(parseBootId('ERROR: The system was unable to find the specified registry key or value.')).toBe('');
  });

  it('a process ends with all that it started, by the system’s own program, never by one in the working folder', () => {
    expect(taskkillCall(42, { SystemRoot: 'D:\\Windows' })).toEqual([
      'D:\\Windows\\System32\\taskkill.exe',
      ['/pid', '42', '/T', '/F'],
    ]);
    expect(taskkillCall(42, {})[0]).toBe('C:\\Windows\\System32\\taskkill.exe');
  });

  it('no service manager has files to look for', () => {
    expect(serviceManager('win32', {}, 'C:\\Users\\me')).toEqual({ kind: undefined, folders: [] });
  });

  it('a program is neither stopped by the shell nor hung up', () => {
    expect(hasJobControl('win32')).toBe(false);
    hangUp('win32');
    expect(hasJobControl('darwin')).toBe(true);
  });
});

it('the folders of systemd follow XDG_CONFIG_HOME', () => {
  expect(serviceManager('linux', { XDG_CONFIG_HOME: '/cfg' }, '/home/me').folders[0]).toBe(
    '/cfg/systemd/user',
  );
  expect(serviceManager('linux', {}, '/home/me').folders[0]).toBe('/home/me/.config/systemd/user');
});

it.each([
  ['linux', true],
  ['darwin', false],
  ['win32', false],
])('the memory of a browser is watched on %s: %s', (platform, known) => {
  expect(canMeasureMemory(platform)).toBe(known);
});
