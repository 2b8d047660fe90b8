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

/**
 * For the clients of this process, from now on.
 *
 * @param variables beside these; undefined takes one away  @returns what puts everything back as it was
 */
export function useLocalAws(variables: Readonly<Record<string, string | undefined>> = {}): () => void {
  const wanted = { ...LOCAL_AWS, ...variables };
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  for (const [name, value] of Object.entries(wanted)) set(name, value);
  return () => {
    for (const [name, value] of before) set(name, value);
  };
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
