import { describe, expect, it } from 'vitest';
import type { ProcessEntry } from '../../../src/core/process/process-table.ts';
import { findTreeMembers } from '../../../src/core/process/process-tree.ts';

const MARK = 'run/token';

/** Processes as `pid parent group mark`; without a mark when there is no fourth word. */
function members(lines: string[], groups: number[] = [], self = 1): number[] {
  const marks = new Map<number, string>();
  const table = lines.map((line): ProcessEntry => {
    const [pid, parent, group, mark] = line.split(' ');
    if (mark !== undefined) marks.set(Number(pid), mark);
    return { pid: Number(pid), parent: Number(parent), group: Number(group), start: '1' };
  });
  const found = findTreeMembers(table, new Set(groups), MARK, (pid) => marks.get(pid), self);
  return found.map(({ pid }) => pid).sort((a, b) => a - b);
}

describe('the processes of a tree', () => {
  it('are those in its group, marked or not', () => {
    expect(members(['10 1 10', '11 1 10', '12 1 12'], [10])).toEqual([10, 11]);
  });

  it('are those that carry its mark, in any group and of any parent', () => {
    expect(members([`10 1 10 ${MARK}`, `11 1 11 ${MARK}`, '12 1 12 run/other'])).toEqual([10, 11]);
  });

  it('are children without a mark: one that cleared its environment', () => {
    expect(members([`10 1 10 ${MARK}`, '11 10 11', '12 11 12'])).toEqual([10, 11, 12]);
  });

  it('are those that share a group with one of them: one that cleared its environment and lost its parent', () => {
    expect(members([`10 1 10 ${MARK}`, `11 10 11 ${MARK}`, '12 1 11'])).toEqual([10, 11, 12]);
  });

  it('are not those of another tree that one of them began, nor what that one started', () => {
    const other = ['12 11 12 other/token', '13 12 12 other/token', '14 13 14'];
    expect(members([`10 1 10 ${MARK}`, `11 10 10 ${MARK}`, ...other])).toEqual([10, 11]);
  });

  it('are not this process nor its group, when it is part of the tree itself', () => {
    const table = [`10 1 10 ${MARK}`, `20 10 10 ${MARK}`, '21 1 10', `22 20 22 ${MARK}`];
    expect(members(table, [], 20)).toEqual([10, 22]);
  });

  it('are none when no process is left', () => {
    expect(members(['10 1 10', '11 10 11 run/token2'], [99])).toEqual([]);
  });
});
