/** What the AWS SDK throws, for a person: told apart by the names of DynamoDB's errors and of the SDK's own. */
import { noDescriptors, saysNoDescriptors } from './no-descriptors.ts';
import { StoreFailure, StoreProblem } from './problem.ts';

/** @param table as it was asked for, without `dynamodb:` */
export function problemOfSdk(error: unknown, table: string): StoreProblem {
  if (error instanceof StoreFailure) return error.problem;
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : String(error);
  if (saysNoDescriptors(message)) return noDescriptors();
  if (name === 'ResourceNotFoundException') {
    return new StoreProblem(
      'no-table',
      `there is no DynamoDB table ${table} in this region and account`,
      `make it: whodisk store create --store dynamodb:${table}`,
    );
  }
  if (/Credentials|TokenProvider|SSOTokenProvider/.test(name) || /credential/i.test(message)) {
    return new StoreProblem(
      'no-credentials',
      `no usable AWS credentials: ${message}`,
      'set AWS_PROFILE or log in (aws sso login), then try: aws sts get-caller-identity',
    );
  }
  if (/Region (is missing|not accepted)/i.test(message)) {
    return new StoreProblem('no-credentials', 'no AWS region is set', 'set AWS_REGION, or a region in ~/.aws/config');
  }
  if (REFUSALS.has(name)) {
    return new StoreProblem(
      'denied',
      `AWS refuses the use of table ${table}: ${message}`,
      'see whose credentials are used: aws sts get-caller-identity; the table needs GetItem, Query, PutItem, UpdateItem, DeleteItem and BatchWriteItem',
    );
  }
  if (THROTTLES.has(name)) {
    return new StoreProblem(
      'busy',
      `DynamoDB throttles table ${table}: ${message}`,
      'try again later, or raise its limits',
    );
  }
  const code = codeOf(error);
  if (code !== undefined || name === 'TimeoutError') {
    return new StoreProblem(
      'unreachable',
      `DynamoDB cannot be reached: ${message || code}`,
      'look at the network, the proxy and AWS_REGION',
    );
  }
  return new StoreProblem(
    'failed',
    `table ${table}: ${name === '' ? '' : `${name}: `}${message}`,
    'look at the table in the AWS console',
  );
}

const REFUSALS = new Set([
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
]);

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
