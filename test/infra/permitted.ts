/** Whether a role lets its function do what it does with the table: IAM's rules, as far as these roles use them. Pure. */
import type { Template } from '../cloud/template.ts';
import { type Statement, statementsOf } from './statements.ts';

/** A request to DynamoDB. */
export interface TableRequest {
  /** Of the function, such as 'worker'. */
  readonly by: string;
  /** Such as 'PutItem'. */
  readonly operation: string;
  readonly index?: string;
  /** The partition keys that it names: `dynamodb:LeadingKeys`. */
  readonly keys: readonly string[];
}

/** Those that DynamoDB would refuse. */
export function refusedBy(template: Template, requests: readonly TableRequest[]): readonly TableRequest[] {
  const roles = statementsOf(template);
  return requests.filter((request) => {
    const role = `${request.by[0]?.toUpperCase()}${request.by.slice(1)}Role`;
    const about = (roles.get(role) ?? []).filter((statement) => isAbout(statement, request));
    return about.some(({ Effect }) => Effect === 'Deny') || !about.some(({ Effect }) => Effect === 'Allow');
  });
}

function isAbout({ Action, Resource, Condition }: Statement, { operation, index, keys }: TableRequest): boolean {
  const resource =
    index === undefined ? '{"Fn::GetAtt":["Table","Arn"]}' : `{"Fn::Sub":"\${Table.Arn}/index/${index}"}`;
  if (!Action.includes(`dynamodb:${operation}`)) return false;
  if (!Resource.some((one) => JSON.stringify(one) === resource)) return false;
  return Object.entries((Condition ?? {}) as Record<string, Record<string, string[]>>).every(([operator, tested]) => {
    const patterns = tested['dynamodb:LeadingKeys'] ?? [];
    const isLike = (key: string): boolean => patterns.some((pattern) => like(pattern).test(key));
    if (operator === 'ForAllValues:StringLike') return keys.every(isLike);
    if (operator === 'ForAnyValue:StringLike') return keys.some(isLike);
    throw new Error(`${operator} is not known here`);
  });
}

/** Of IAM's StringLike: * is anything. */
const like = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.?+^$[\]\\(){}|]/g, String.raw`\$&`))
      .join('.*')}$`,
    'su',
  );
