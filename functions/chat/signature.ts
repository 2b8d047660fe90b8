/** Whether Slack sent a request: https://docs.slack.dev/authentication/verifying-requests-from-slack. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignedRequest {
  /** X-Slack-Request-Timestamp, seconds since 1970. */
  readonly timestamp: string | undefined;
  /** X-Slack-Signature, "v0=" and 64 hex digits. */
  readonly signature: string | undefined;
  /** As it came: one that was parsed and written again is another one. */
  readonly body: Uint8Array;
}

/** What is wrong with it, for the log; Slack's own words for none of them differ. */
export type SignatureProblem = 'no signature' | 'a malformed signature' | 'too old or too new' | 'a wrong signature';

/** Either way: clocks differ. */
const MOST_APART_SECONDS = 300;

/** undefined: it is Slack's. */
export function signatureProblem(request: SignedRequest, secret: string, nowMs: number): SignatureProblem | undefined {
  const { timestamp, signature, body } = request;
  if (timestamp === undefined || signature === undefined) return 'no signature';
  if (!/^[0-9]{1,12}$/u.test(timestamp) || !/^v0=[0-9a-f]{64}$/u.test(signature)) return 'a malformed signature';
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > MOST_APART_SECONDS) return 'too old or too new';
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice('v0='.length), 'hex')) ? undefined : 'a wrong signature';
}
