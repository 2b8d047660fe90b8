/** The queues of the template at a local SQS, whose S3 is there too. Messages are moved to the dead letters by the queue itself. */
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { REGION } from './lambda-process.ts';
import { useLocalAws } from './local-aws.ts';
import { type Made, resolved, resourcesOf, type Template } from './template.ts';

export interface Queues {
  /** Of SQS and S3. */
  readonly endpoint: string;
  readonly client: SQSClient;
  /** URL and ARN by logical id. */
  readonly made: ReadonlyMap<string, Made>;
  stop(): Promise<void>;
}

/** @param visibilitySeconds instead of the template's, for each queue with dead letters: nobody waits nine minutes here */
export async function startQueues(template: Template, visibilitySeconds: number): Promise<Queues> {
  const app = buildApp({ logger: false, defaultRegion: REGION });
  // A client goes where the URL of the queue leads, and fauxqs gives URLs at a name that nothing resolves.
  const named = `//sqs.${REGION}.localhost:`;
  app.addHook('preHandler', async ({ body }) => {
    const asked = body as { QueueUrl?: string } | undefined;
    if (typeof asked?.QueueUrl === 'string') asked.QueueUrl = asked.QueueUrl.replace('//127.0.0.1:', named);
  });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  useLocalAws();
  const client = new SQSClient({ endpoint });
  const made = new Map<string, Made>();
  const values = { made, parameters: {}, region: REGION };
  const queues = resourcesOf(template, 'AWS::SQS::Queue');
  // Those that others lead to come first.
  const ordered = queues.toSorted(([, a], [, b]) => Number('RedrivePolicy' in a) - Number('RedrivePolicy' in b));
  for (const [id, properties] of ordered) {
    const redrive = resolved(properties['RedrivePolicy'], template, values) as object | undefined;
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({
        QueueName: id,
        Attributes: {
          VisibilityTimeout: String(visibilitySeconds),
          ...(redrive !== undefined && { RedrivePolicy: JSON.stringify(redrive) }),
        },
      }),
    );
    const url = String(QueueUrl).replace(named, '//127.0.0.1:');
    const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
    const arn = String((await client.send(asked)).Attributes?.['QueueArn']);
    made.set(id, { ref: url, attributes: { Arn: arn, QueueName: id, QueueUrl: url } });
  }
  return {
    endpoint,
    client,
    made,
    async stop() {
      client.destroy();
      await app.close();
    },
  };
}
