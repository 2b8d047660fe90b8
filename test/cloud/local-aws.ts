/** What a client of AWS needs to speak to the local ones: credentials that nobody checks, a region, no file of the developer's. */
import { REGION } from './lambda-process.ts';

export const LOCAL_AWS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: REGION,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  // On Node 20 the SDK prints five lines about versions to come; ours is pinned.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
} as const;

/** For the clients of this process, from now on. */
export function useLocalAws(): void {
  Object.assign(process.env, LOCAL_AWS);
}
