/** What the roles of a template allow and deny. */
import { resourcesOf, type Template } from '../cloud/template.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  /** With the expressions of the template. */
  readonly Resource: readonly unknown[];
  readonly Condition?: unknown;
}

/** By the logical id of the role; of what is there under a condition, all. */
export function statementsOf(template: Template): Map<string, Statement[]> {
  return new Map(
    resourcesOf(template, 'AWS::IAM::Role').map(([id, { Policies }]) => {
      const written = (Policies as Policy[]).flatMap(({ PolicyDocument }) =>
        PolicyDocument.Statement.flatMap(alternatives),
      );
      return [id, written.map((one) => ({ ...one, Action: listOf(one.Action), Resource: listOf(one.Resource) }))];
    }),
  );
}

interface Written extends Omit<Statement, 'Action' | 'Resource'> {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly (Written | { 'Fn::If': [string, Written, unknown] })[] };
}

const alternatives = (one: Policy['PolicyDocument']['Statement'][number]): Written[] =>
  'Fn::If' in one ? [one['Fn::If'][1]] : [one];

const listOf = <Value>(value: Value | Value[]): Value[] => (Array.isArray(value) ? value : [value]);
