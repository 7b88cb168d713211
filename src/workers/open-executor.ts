import { decodeInvitation, encodeInvitation } from './protocol/invitation.ts';

/** Loads with the setting `executor: bullmq` and with `quickscrape worker start` alone: BullMQ is bundled into it. */
export const workers = { decodeInvitation, encodeInvitation };
