import { describe, expect, test } from 'vitest';
import { PACKAGES } from './packages.ts';
import { idOf, propertiesOf, TEMPLATE } from './recorded-template.ts';
import { statementsOf } from './statements.ts';

const NAMES = Object.keys(PACKAGES);

describe('the roles', () => {
  /** What takes no narrower resource; the comment beside each in infra/roles says why. */
  const WILDCARDS = [
    'ConfigRole ec2:DescribeInstances',
    'ConfigRole s3:GetObject',
    'WorkerRole ec2:AssignPrivateIpAddresses',
    'WorkerRole ec2:CreateNetworkInterface',
    'WorkerRole ec2:DeleteNetworkInterface',
    'WorkerRole ec2:DescribeNetworkInterfaces',
    'WorkerRole ec2:DescribeSubnets',
    'WorkerRole ec2:UnassignPrivateIpAddresses',
  ];
  const allowed = () =>
    [...statementsOf(TEMPLATE)].flatMap(([role, statements]) =>
      statements
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action, Resource }) =>
          Action.map((action) => ({ role, action, resource: JSON.stringify(Resource) })),
        ),
    );
  const whoMay = (action: RegExp): string[] =>
    [...new Set(allowed().flatMap((one) => (action.test(one.action) ? one.role : [])))].sort();

  test('allow no wildcard but those that AWS leaves no choice in', () => {
    const wide = allowed().filter(({ action, resource }) => action.includes('*') || resource.includes('*'));
    expect(wide.map(({ role, action }) => `${role} ${action}`).sort()).toEqual(WILDCARDS);
    for (const { Properties } of Object.values(TEMPLATE.Resources)) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });

  test('are one for each function, which Lambda alone takes', () => {
    const roles = NAMES.map(
      (name) => propertiesOf<{ Role: { 'Fn::GetAtt': [string] } }>(idOf(name)).Role['Fn::GetAtt'][0],
    );
    expect(new Set(roles).size).toBe(NAMES.length);
    for (const role of roles) {
      const { AssumeRolePolicyDocument } = propertiesOf<{ AssumeRolePolicyDocument: { Statement: unknown } }>(role);
      const statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
      expect(AssumeRolePolicyDocument.Statement, role).toEqual([statement]);
    }
  });

  test('give the SSH key to the worker, S3 and EC2 to config, and a queue to who has to do with it', () => {
    const readers = allowed().filter(({ resource }) => resource.includes('SshKeySecret'));
    expect(readers.map(({ role, action }) => `${role} ${action}`)).toEqual([
      'WorkerRole secretsmanager:GetSecretValue',
    ]);
    expect(whoMay(/^s3:|^ec2:DescribeInstances$/u)).toEqual(['ConfigRole']);
    expect(whoMay(/^dynamodb:(?:Scan|DeleteTable|UpdateTable|CreateTable|PartiQL.*)$/u)).toEqual([]);
    const queues = allowed().flatMap(({ role, action, resource }) =>
      action.startsWith('sqs:')
        ? [...resource.matchAll(/"(\w+Queue)"/gu)].map(([, queue]) => `${role} ${action.slice(4)} ${queue}`)
        : [],
    );
    expect(queues.filter((each) => /SendMessage|ReceiveMessage/u.test(each)).sort()).toEqual(
      [
        ...['ApiRole', 'ChatRole', 'ScheduleRole', 'WatchdogRole'].map((role) => `${role} SendMessage PlanQueue`),
        ...['PlanRole', 'WorkerRole'].map((role) => `${role} SendMessage ShardQueue`),
        ...['ApiRole', 'ChatRole', 'DeadletterRole', 'PlanRole', 'WorkerRole'].map(
          (role) => `${role} SendMessage FinishQueue`,
        ),
        'PlanRole ReceiveMessage PlanQueue',
        'WorkerRole ReceiveMessage ShardQueue',
        'FinishRole ReceiveMessage FinishQueue',
        'DeadletterRole ReceiveMessage DeadLetterQueue',
      ].sort(),
    );
  });

  test('let no function make a token, and config alone publish a configuration', () => {
    for (const [role, statements] of statementsOf(TEMPLATE)) {
      const writes = statements.find(
        ({ Effect, Action }) => Effect === 'Allow' && Action.includes('dynamodb:BatchWriteItem'),
      );
      if (writes === undefined) continue;
      const denied = statements.find(({ Effect, Action }) => Effect === 'Deny' && Action.includes('dynamodb:PutItem'));
      const keys = JSON.stringify(role === 'ConfigRole' ? writes.Condition : denied?.Condition);
      expect(keys, role).toMatch(
        role === 'ConfigRole' ? /ForAllValues.*\["config",/u : /ForAnyValue.*\["tokens","config",/u,
      );
    }
  });
});
