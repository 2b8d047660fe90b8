/** The function `worker`: visits the hosts of a shard over SSH. It alone has the key and a place in the VPC. */
import { tmpdir } from 'node:os';
import { awsSecret } from '../cloud/aws-secret.ts';
import { openEdge } from '../cloud/edge.ts';
import { handBack } from '../cloud/hand-back.ts';
import { handingOn } from '../cloud/hand-on.ts';
import { createKnownHostsFile } from '../cloud/known-hosts-file.ts';
import { cloudLog } from '../cloud/log.ts';
import { type SqsFunction, sqsFunction } from '../cloud/sqs-function.ts';
import { sshKeysOf } from '../cloud/ssh-key-secret.ts';
import { TELLS_NOTHING } from '../cloud/tells-nothing.ts';
import { warm } from '../cloud/warm.ts';
import { ofKind } from '../sweep/carried-out.ts';
import type { SweepDeps } from '../sweep/deps.ts';
import { workShard } from '../sweep/worker.ts';
import { readEnvironment } from './environment.ts';

const start = warm(async () => {
  const told = readEnvironment(['table', 'shardQueueUrl', 'finishQueueUrl', 'sshKeySecret', 'redeliverySeconds']);
  const log = cloudLog();
  const knownHosts = await createKnownHostsFile(tmpdir());
  const edge = await openEdge({
    ...told,
    log,
    queueUrls: { shard: told.shardQueueUrl, finish: told.finishQueueUrl },
    useKnownHosts: knownHosts.use,
  });
  const deps: SweepDeps = {
    ...edge,
    ...TELLS_NOTHING,
    options: { ...edge.options, ssh: { identities: [], knownHosts: knownHosts.file, knownHostsName: knownHosts.name } },
    sshKeys: sshKeysOf(awsSecret(told.sshKeySecret, log)),
  };
  const work = ofKind(deps, 'shard', (shard, attempt, limits) => workShard(deps, { ...shard, attempt }, limits));
  return sqsFunction({
    ...edge,
    handle: handingOn(work, deps),
    back: handBack({ client: edge.sqs, queueUrl: told.shardQueueUrl, log }),
  });
});

export const handler: SqsFunction = async (event, context) => (await start())(event, context);
