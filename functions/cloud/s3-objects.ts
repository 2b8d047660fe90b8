/** Objects of S3 below a prefix: what there is, and what is in one of them. */
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

export interface S3Place {
  readonly bucket: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
}

export interface S3Object {
  /** Without the prefix. */
  readonly name: string;
  /** Another where its content is another. */
  readonly etag: string;
  readonly bytes: number;
}

/** @param text s3://BUCKET, s3://BUCKET/PREFIX or s3://BUCKET/PREFIX/; undefined where it is none of these */
export function s3PlaceOf(text: string): S3Place | undefined {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/u.exec(text) ?? [];
  if (bucket === undefined) return undefined;
  return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

/**
 * All of them, or the first of them where there are more than `most`. Objects that stand for a folder are left out.
 *
 * @throws what the SDK throws
 */
export async function listObjects(
  client: S3Client,
  { bucket, prefix }: S3Place,
  most: number,
  abortSignal: AbortSignal,
): Promise<S3Object[]> {
  const found: S3Object[] = [];
  let ContinuationToken: string | undefined;
  do {
    const input = { Bucket: bucket, Prefix: prefix, ...(ContinuationToken !== undefined && { ContinuationToken }) };
    const page = await client.send(new ListObjectsV2Command(input), { abortSignal });
    for (const { Key = '', ETag = '', Size = 0 } of page.Contents ?? []) {
      const name = Key.slice(prefix.length);
      if (!Key.endsWith('/')) found.push({ name, etag: ETag, bytes: Size });
    }
    ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (ContinuationToken !== undefined && found.length <= most);
  return found;
}

/** The very object that was listed. @throws what the SDK throws: PreconditionFailed where it was replaced since */
export async function getObject(
  client: S3Client,
  { bucket, prefix }: S3Place,
  { name, etag }: S3Object,
  abortSignal: AbortSignal,
): Promise<Uint8Array> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${name}`, IfMatch: etag });
  const { Body } = await client.send(command, { abortSignal });
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

/** What keeps S3 from answering, in a sentence with what to do. */
export function s3Problem(error: unknown, { bucket, prefix }: S3Place): string {
  const name = error instanceof Error ? error.name : '';
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 300);
  const place = `s3://${bucket}/${prefix}`;
  switch (name) {
    case 'NoSuchBucket':
      return `There is no bucket ${bucket}: see the parameter configBucket of the deployment.`;
    case 'AccessDenied':
    case 'Forbidden':
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
      return `S3 refuses to read ${place} (${message}): the role needs s3:ListBucket of the bucket and s3:GetObject below the prefix, and kms:Decrypt where a key of yours encrypts it.`;
    case 'PermanentRedirect':
      return `The bucket ${bucket} is in another region: make one in the region of the deployment.`;
    case 'PreconditionFailed':
    case 'NoSuchKey':
      return `${place} changed while it was read: it is read again in a minute.`;
    case 'SlowDown':
    case 'ThrottlingException':
      return `S3 is asked too often for ${place}: it is read again in a minute.`;
    default:
      return `${place} cannot be read (${name === '' || name === 'Error' ? '' : `${name}: `}${message}).`;
  }
}
