import { expect, test } from 'vitest';
import { resolved } from './template.ts';

const template = {
  Parameters: { Stage: { Default: 'dev' } },
  Conditions: { Makes: { 'Fn::Equals': ['', ''] }, MakesNot: { 'Fn::Not': [{ Condition: 'Makes' }] } },
  Resources: {},
};
const values = {
  made: new Map([['Queue', { ref: 'http://queue', attributes: { Arn: 'arn:queue' } }]]),
  parameters: {},
  region: 'eu-central-1',
};

test.each([
  ['a resource that was made', { Ref: 'Queue' }, 'http://queue'],
  ['one that was not, by its own name', { Ref: 'Secret' }, 'Secret'],
  ['a parameter that nobody gave', { Ref: 'Stage' }, 'dev'],
  ['an attribute', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
  [
    'text with names in it',
    { 'Fn::Sub': `\${Queue} \${Queue.Arn} \${AWS::Region} \${!Literal}` },
    `http://queue arn:queue eu-central-1 \${!Literal}`,
  ],
  ['joined texts', { 'Fn::Join': ['/', ['integrations', { Ref: 'Queue' }]] }, 'integrations/http://queue'],
  ['the right half of a choice', { 'Fn::If': ['MakesNot', 'a', { Ref: 'Queue' }] }, 'http://queue'],
  ['an object without what has no value', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
])('a template may say %s', (_, value, expected) => {
  expect(resolved(value, template, values)).toEqual(expected);
});

test('what the test does not know is not passed over', () => {
  expect(() => resolved({ 'Fn::ImportValue': 'x' }, template, values)).toThrow('Fn::ImportValue');
});
