import { onTestFinished } from 'vitest';
import { openWorkspace, type Workspace, type WorkspaceOptions } from '../src/core/workspace.ts';
import { tempFolder } from './temp-folder.ts';

/** A workspace, in a home of the test's own unless one is given; closed when the test ends. */
export function openTempWorkspace(options: Partial<WorkspaceOptions> = {}): Workspace {
  const workspace = openWorkspace({ actor: 'library', ...options, home: options.home ?? tempFolder() });
  onTestFinished(() => workspace.close());
  return workspace;
}
