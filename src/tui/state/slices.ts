import { clockSlice } from './clock.ts';
import { homeSlice } from './home.ts';
import { jobsSlice } from './jobs-view.ts';
import { noticesSlice } from './notices.ts';
import type { Slice } from './slice.ts';

/** Who is told of what happens, in this order. */
export const SLICES: readonly Slice[] = [clockSlice, homeSlice, jobsSlice, noticesSlice];
