import type { Operation } from '../../core/operations/define-operation.ts';

/** The names of groups of operations. `read` has all that change nothing, from every group. */
export const TOOLSETS = [
  'read',
  'jobs',
  'runs',
  'configs',
  'pages',
  'home',
  'scheduler',
  'channels',
  'workers',
] as const;

export type Toolset = (typeof TOOLSETS)[number];

/** The operations that the person who starts a server chose: an upper bound of what it offers. */
export interface ToolSelection {
  /** Offered by name. Without `tools` and `toolsets`, all are. */
  tools: readonly string[];
  /** Offered by group, in addition to `tools`. */
  toolsets: readonly Toolset[];
  /** Never offered. */
  excludedTools: readonly string[];
}

/** Each group except `read`. */
const MEMBERS: Readonly<Record<Exclude<Toolset, 'read'>, readonly string[]>> = {
  jobs: [
    'list_jobs',
    'get_job',
    'create_job',
    'update_job',
    'update_jobs',
    'delete_job',
    'restore_job',
    'preview_schedule',
    'forecast_runs',
  ],
  runs: [
    'run_job',
    'retry_run',
    'cancel_run',
    'list_runs',
    'get_run',
    'explain_run',
    'get_log',
    'list_items',
    'compare_runs',
    'get_item_history',
    'export',
  ],
  configs: ['list_configs', 'get_config', 'save_config', 'test_config', 'delete_config', 'restore_config'],
  pages: ['get_page', 'find_selectors', 'propose_config'],
  home: ['examine_home', 'get_metrics', 'get_report', 'list_trash', 'get_settings', 'set_setting'],
  scheduler: ['get_scheduler', 'start_scheduler', 'stop_scheduler'],
  channels: ['list_channels', 'test_channel', 'list_messages'],
  workers: ['list_workers', 'drain_worker', 'revoke_worker'],
};

/** Whether the person chose an operation. */
export function isSelected(
  { name, annotations }: Pick<Operation, 'name' | 'annotations'>,
  { tools, toolsets, excludedTools }: ToolSelection,
): boolean {
  if (excludedTools.includes(name)) return false;
  if (tools.length === 0 && toolsets.length === 0) return true;
  if (tools.includes(name)) return true;
  return toolsets.some((set) => (set === 'read' ? annotations.readOnlyHint : MEMBERS[set].includes(name)));
}

/** The flags of the command line that a selection came from. */
export function selectionFlags({ tools, toolsets, excludedTools }: ToolSelection): string[] {
  return [
    ...(tools.length > 0 ? ['--tools'] : []),
    ...(toolsets.length > 0 ? ['--toolsets'] : []),
    ...(excludedTools.length > 0 ? ['--exclude-tools'] : []),
  ];
}
