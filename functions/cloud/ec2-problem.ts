/** What keeps EC2 from answering, in a sentence with what to do. Told apart by the names of EC2's errors and of the SDK's own. */

/** @param region as it was asked for; undefined where the SDK was to find it */
export function ec2Problem(error: unknown, region: string | undefined): string {
  const name = error instanceof Error ? error.name : '';
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MOST_CHARACTERS);
  const where = region === undefined ? 'EC2' : `EC2 in ${region}`;
  if (/Credentials|TokenProvider/u.test(name) || /credential/iu.test(message)) {
    return `EC2 cannot be asked for its instances, there are no usable AWS credentials (${message}): set AWS_PROFILE or log in, then try aws sts get-caller-identity.`;
  }
  if (/Region (?:is missing|not accepted)/iu.test(message)) {
    return 'EC2 cannot be asked for its instances, since no AWS region is set: give region beside the tags, or set AWS_REGION.';
  }
  if (REFUSALS.has(name)) {
    return `${where} refuses to list its instances (${message}): the role or user needs ec2:DescribeInstances; aws sts get-caller-identity says who it is.`;
  }
  if (name === 'RequestLimitExceeded' || name === 'Throttling' || name === 'ThrottlingException') {
    return `${where} is asked too often (${name}): try again in a minute.`;
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined || name === 'TimeoutError' || name === 'AbortError') {
    return `${where} cannot be reached (${message === '' ? (code ?? name) : message}): look at the region, the network and the proxy.`;
  }
  return `${where} does not list its instances (${name === '' ? '' : `${name}: `}${message}).`;
}

/** EC2 API Reference, "Error codes". */
const REFUSALS = new Set([
  'UnauthorizedOperation',
  'AuthFailure',
  'Blocked',
  'OptInRequired',
  'PendingVerification',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'InvalidClientTokenId',
  'ExpiredToken',
  'AccessDenied',
]);
/** The authorization message that EC2 encodes is long, and says nothing to a person. */
const MOST_CHARACTERS = 300;
