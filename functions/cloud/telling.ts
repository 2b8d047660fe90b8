/** How results are told from the cloud, with the secrets that whodisk.yml names. */
import type { TellDeps } from '../tell/deps.ts';
import { createPost } from '../tell/post.ts';
import { awsSecret } from './aws-secret.ts';
import type { Edge } from './edge.ts';
import { secretsIn } from './json-secret.ts';

/** @param secrets ARN or name of the secret that is a JSON object */
export function tellingOf({ store, config, nowMs, log }: Edge, secrets: string): TellDeps {
  return { store, config, env: secretsIn(awsSecret(secrets, log)), post: createPost(), nowMs, log };
}
