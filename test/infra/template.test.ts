import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXPIRY_ATTRIBUTE, TABLE_SHAPE } from '../../functions/store/table-shape.ts';
import { PACKAGES } from './packages.ts';
import { allOf, idOf, propertiesOf, TEMPLATE } from './recorded-template.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const NAMES = Object.keys(PACKAGES);

describe('the template', () => {
  test('has the table that the store expects', () => {
    const [table] = allOf<Record<string, unknown>>('AWS::DynamoDB::Table');
    expect(table).toMatchObject({
      ...TABLE_SHAPE,
      TimeToLiveSpecification: { AttributeName: EXPIRY_ATTRIBUTE, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
    });
    expect(TEMPLATE.Resources['Table']).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('gives a message six times the time of its function, and three tries', () => {
    const mappings = allOf<Mapping>('AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(4);
    for (const { FunctionName, EventSourceArn, FunctionResponseTypes } of mappings) {
      const { Timeout } = propertiesOf<{ Timeout: number }>(FunctionName['Fn::GetAtt'][0]);
      const id = EventSourceArn['Fn::GetAtt'][0];
      const queue = propertiesOf<QueueProperties>(id);
      expect(queue.VisibilityTimeout, id).toBe(6 * Timeout);
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      if (id === 'DeadLetterQueue') expect(queue.RedrivePolicy).toBeUndefined();
      else expect(queue.RedrivePolicy).toEqual({ deadLetterTargetArn: arnOf('DeadLetterQueue'), maxReceiveCount: 3 });
    }
    const worker = mappings.find(({ FunctionName }) => FunctionName['Fn::GetAtt'][0] === 'WorkerLambdaFunction');
    expect(worker).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: expect.any(Number) } });
  });

  test('tells workers when a message comes again as the queue has it', () => {
    const { VisibilityTimeout } = propertiesOf<QueueProperties>('ShardQueue');
    for (const name of ['worker', 'api', 'chat', 'schedule']) {
      expect(variablesOf(name)['WHODISK_REDELIVERY_SECONDS'], name).toBe(String(VisibilityTimeout));
    }
  });

  test.each(NAMES)('tells %s by its environment what its entry file reads, and no more', (name) => {
    const environment = readFileSync(path.join(ROOT, 'functions', 'lambda', 'environment.ts'), 'utf8');
    const variables = new Map(
      [...environment.matchAll(/(\w+): \['(WHODISK_\w+)'/gu)].map(([, key, value]) => [key, value]),
    );
    const entry = readFileSync(path.join(ROOT, 'functions', 'lambda', `${name}.ts`), 'utf8');
    const read = /readEnvironment\(\[([^\]]*)\]/u.exec(entry)?.[1] ?? '';
    const wanted = [...read.matchAll(/'(\w+)'/gu)].map(([, key]) => variables.get(key));
    expect(wanted.length).toBeGreaterThan(0);
    const told = Object.keys(variablesOf(name)).filter((key) => !key.startsWith('POWERTOOLS_'));
    expect(told.sort()).toEqual(wanted.sort());
  });

  test('has no secret in any environment: names and addresses of resources, and few words', () => {
    for (const name of NAMES) {
      for (const [key, value] of Object.entries(variablesOf(name))) {
        if (typeof value !== 'string') expect(Object.keys(value as object)[0], key).toMatch(/^(?:Ref|Fn::If)$/u);
        else expect(['whodisk', 'INFO', 'test', '540'], key).toContain(value);
      }
    }
  });

  test('puts the worker alone into the VPC', () => {
    const inside = allOf<{ VpcConfig?: object }>('AWS::Lambda::Function').filter(
      ({ VpcConfig }) => VpcConfig !== undefined,
    );
    expect(inside.map(({ id }) => id)).toEqual(['WorkerLambdaFunction']);
  });

  test('sends the slash command to chat, and all else to the API', () => {
    const routes = allOf<{ RouteKey: string; Target: unknown }>('AWS::ApiGatewayV2::Route');
    const targets = routes.map(({ RouteKey, Target }) => [
      RouteKey,
      /HttpApiIntegration(\w+)/u.exec(JSON.stringify(Target))?.[1],
    ]);
    expect(Object.fromEntries(targets)).toEqual({ $default: 'Api', 'POST /chat/slack': 'Chat' });
  });

  test('fires each schedule of whodisk.yml in its time zone', () => {
    const schedules = allOf<Schedule>('AWS::Scheduler::Schedule').map(
      ({ ScheduleExpression, ScheduleExpressionTimezone, Target }) => [
        JSON.parse(Target.Input).schedule,
        ScheduleExpression,
        ScheduleExpressionTimezone,
      ],
    );
    expect(schedules).toEqual([
      ['hourly', 'cron(0 * * * ? *)', 'UTC'],
      ['first-or-monday', 'cron(30 6 1 * ? *)', 'Europe/Berlin'],
      ['first-or-monday', 'cron(30 6 ? * MON *)', 'Europe/Berlin'],
    ]);
  });
});

interface Mapping {
  readonly FunctionName: { readonly 'Fn::GetAtt': [string] };
  readonly EventSourceArn: { readonly 'Fn::GetAtt': [string] };
  readonly FunctionResponseTypes: unknown;
}

interface QueueProperties {
  readonly VisibilityTimeout: number;
  readonly RedrivePolicy?: object;
}

interface Schedule {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly Target: { readonly Input: string };
}

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

function variablesOf(name: string): Record<string, unknown> {
  return propertiesOf<{ Environment: { Variables: Record<string, unknown> } }>(idOf(name)).Environment.Variables;
}
