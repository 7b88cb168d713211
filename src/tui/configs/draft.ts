import type { ConfigCheck } from './config-row.ts';

/** A text that was edited here and is not saved. It stays until it is saved or thrown away, whatever view is shown. */
export interface Draft {
  /** Another one after each edit, by which an answer that comes late is known. */
  readonly id: number;
  readonly yaml: string;
  /** What it was made from; `null` for a configuration that is new. */
  readonly base: { readonly yaml: string; readonly revision: string } | null;
  /** `null` while it is being checked. */
  readonly check: ConfigCheck | null;
  readonly isSaving: boolean;
}

export type Drafts = Readonly<Record<string, Draft>>;

export function withDraft(drafts: Drafts, name: string, draft: Draft): Drafts {
  return { ...drafts, [name]: draft };
}

export function withoutDraft(drafts: Drafts, name: string): Drafts {
  const { [name]: _gone, ...rest } = drafts;
  return rest;
}
