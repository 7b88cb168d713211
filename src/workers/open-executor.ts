import { HomeLink } from './home/home-link.ts';
import { MachineLink } from './machine/machine-link.ts';

/** Loads with the setting `executor: bullmq` and with `quickscrape worker start` alone: BullMQ is bundled into it. */
export const workers = { HomeLink, MachineLink };
