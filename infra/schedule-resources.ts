/** The schedules of whodisk.yml as resources of CloudFormation. Pure. */
import { createHash } from 'node:crypto';
import type { ScheduleConfig } from '../functions/config/service-config.ts';
import { schedulerExpressions } from '../functions/schedule/scheduler-expression.ts';

export interface ScheduleResources {
  readonly Resources: Readonly<Record<string, object>>;
}

/**
 * One schedule of EventBridge Scheduler for each expression that an entry needs; infra/scheduler.yml has what they refer to. The function
 * begins one sweep for one scheduled minute, so that calling it again is harmless; what is more than five minutes late is left out.
 *
 * @returns the resources, or a sentence for each entry that EventBridge Scheduler cannot do
 */
export function scheduleResources(
  schedules: readonly Pick<ScheduleConfig, 'name' | 'cron' | 'timeZone'>[],
): ScheduleResources | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const resources = schedules.flatMap(({ name, cron, timeZone }) => {
    const expressions = schedulerExpressions(cron);
    if ('problem' in expressions) {
      problems.push(`schedules.${name}.cron: ${expressions.problem}`);
      return [];
    }
    return expressions.map(
      (expression, index) => [logicalId(name, index), resource(name, expression, timeZone)] as const,
    );
  });
  return problems.length > 0 ? { problems } : { Resources: Object.fromEntries(resources) };
}

const resource = (name: string, expression: string, timeZone: string): object => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    Description: `schedules.${name} of whodisk.yml`,
    GroupName: { Ref: 'ScheduleGroup' },
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timeZone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { 'Fn::GetAtt': ['ScheduleLambdaFunction', 'Arn'] },
      RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
      // Scheduler puts the time in, as 2026-11-28T06:30:00Z.
      Input: JSON.stringify({ schedule: name, scheduledTime: '<aws.scheduler.scheduled-time>' }),
      RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
    },
  },
});

/** Letters and digits only; names that differ in nothing else are told apart by a hash. */
function logicalId(name: string, index: number): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `Schedule${name.replaceAll(/[^A-Za-z0-9]/gu, '')}${hash}${index === 0 ? '' : `Part${index + 1}`}`;
}
