/** The bucket that the configuration is read from. */
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { useLocalAws } from './local-aws.ts';
import { BUCKET } from './make-package.ts';

export interface ConfigBucket {
  /** @param name below the prefix: whodisk.yml, known_hosts, an inventory */
  put(name: string, text: string): Promise<void>;
  end(): void;
}

export async function makeConfigBucket(endpoint: string): Promise<ConfigBucket> {
  useLocalAws();
  const client = new S3Client({ endpoint, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    async put(name, text) {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `whodisk/${name}`, Body: text }));
    },
    end: () => client.destroy(),
  };
}
