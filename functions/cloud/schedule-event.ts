/** What EventBridge Scheduler hands over, as infra/schedule-resources.ts has it written: which schedule, and for which minute. */
import * as z from 'zod';

const scheduleEventSchema = z.object({
  /** A name of `schedules` in whodisk.yml. */
  schedule: z.string(),
  /**
   * <aws.scheduler.scheduled-time> (EventBridge Scheduler User Guide, "Adding context attributes"): RFC 3339. When it is delivered late, or
   * twice, it is still the minute that counts.
   */
  scheduledTime: z.iso.datetime({ offset: true }),
});

/** `atMs` epoch. @throws where it is something else, which is a mistake in the template: Lambda's metric of errors shows it */
export function readScheduleEvent(event: unknown): { readonly name: string; readonly atMs: number } {
  const { schedule, scheduledTime } = scheduleEventSchema.parse(event);
  return { name: schedule, atMs: Date.parse(scheduledTime) };
}
