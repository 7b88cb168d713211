/** `waiting` to be sent or tried again, `sending`, `sent`, `joined` (sent within another message), `failed` at last. */
export const MESSAGE_STATUSES = ['waiting', 'sending', 'sent', 'joined', 'failed'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];
