import type { OperationOutput } from '../../../core/operations/call-operation.ts';

declare module '../../kernel/model.ts' {
  interface DialogParams {
    /** The messages of the channels, or only those about a job; `index` is the selected row. */
    messages: { jobId: string | null; answer: MessagesAnswer; index: number };
  }
}

export type ChannelMessage = OperationOutput<'list_messages'>['messages'][number];

/** Newest first; `undefined` until they were read, or why they were not. */
export type MessagesAnswer = readonly ChannelMessage[] | undefined | { readonly problem: string };
