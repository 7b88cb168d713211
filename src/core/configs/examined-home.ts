import * as z from 'zod';

/** The findings of `doctor` (core/diagnostics/doctor/finding.ts). */
export const examineResponse = z.object({
  findings: z.array(
    z.object({
      check: z.string(),
      status: z.enum(['ok', 'warning', 'problem']),
      message: z.string(),
      fix: z.string().optional(),
      where: z.string().optional(),
    }),
  ),
});

export type ExamineResponse = z.infer<typeof examineResponse>;
