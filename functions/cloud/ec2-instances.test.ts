import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Ec2Endpoint, type FakeInstance, startEc2 } from '../../test/cloud/ec2-endpoint.ts';
import { useLocalAws } from '../../test/cloud/local-aws.ts';
import { EC2_KEPT_MS, type Ec2Source } from '../config/ec2-source.ts';
import { createReadEc2, type Ec2Options } from './ec2-instances.ts';

// The SDK waits for seconds between its tries where EC2 throttles.
vi.setConfig({ testTimeout: 30_000 });

let ec2: Ec2Endpoint;
let restore = (): void => {};
beforeEach(async () => {
  ec2 = await startEc2();
  restore = useLocalAws({ AWS_ENDPOINT_URL_EC2: ec2.url });
});
afterEach(async () => {
  restore();
  await ec2.stop();
});

const ID = (n: number): string => `i-${n.toString(16).padStart(17, '0')}`;
const db = (n: number, more: Partial<FakeInstance> = {}): FakeInstance => ({
  id: ID(n),
  tags: { Role: 'db' },
  privateIp: `10.0.${n >> 8}.${n & 255}`,
  ...more,
});
const source = (more: Partial<Ec2Source> = {}): Ec2Source => ({
  tags: { Role: ['db'] },
  address: 'private-ip',
  settings: {},
  where: 'whodisk.yml line 2',
  ...more,
});
const reader = (more: Partial<Ec2Options> = {}) => createReadEc2({ clockMs: () => 0, ...more });
const namesOf = async (more: Partial<Ec2Source> = {}, read = reader()): Promise<string[]> => {
  const answer = await read(source(more));
  if (answer.kind === 'unavailable') throw new Error(answer.message);
  return [...answer.inventory.hosts.keys()];
};
const messageOf = async (more: Partial<Ec2Source> = {}, read = reader()): Promise<string> => {
  const answer = await read(source(more));
  return answer.kind === 'unavailable' ? answer.message : 'it answered';
};

describe('EC2', () => {
  test('is asked for running instances that have every tag, with one of its values', async () => {
    ec2.instances = [
      db(1, { tags: { Role: 'db', Env: 'prod' } }),
      db(2, { tags: { Role: 'db', Env: 'stage' } }),
      db(3, { tags: { Role: 'db', Env: 'test' } }),
      db(4, { tags: { Role: 'web', Env: 'prod' } }),
      db(5, { tags: { Role: 'db', Env: 'prod' }, state: 'stopped' }),
      db(6, { tags: {} }),
    ];
    expect(await namesOf({ tags: { Role: ['db'], Env: ['prod', 'st*'] } })).toEqual([ID(1), ID(2)]);
  });

  test('is followed through all its pages', async () => {
    ec2.instances = Array.from({ length: 25 }, (_, n) => db(n));
    ec2.pageSize = 10;
    expect(await namesOf()).toEqual(Array.from({ length: 25 }, (_, n) => ID(n)));
    expect(ec2.asked.map(({ form }) => form.get('NextToken'))).toEqual([null, 'page-10', 'page-20']);
  });

  test('is asked in the region that is named, else in that of the environment', async () => {
    ec2.instances = [db(1, { region: 'eu-central-1' }), db(2, { region: 'us-gov-west-1' })];
    const read = reader();
    expect(await namesOf({}, read)).toEqual([ID(1)]);
    expect(await namesOf({ region: 'us-gov-west-1' }, read)).toEqual([ID(2)]);
  });

  test('is not asked again for almost a minute, but for other tags', async () => {
    let clock = 0;
    const read = reader({ clockMs: () => clock });
    await namesOf({}, read);
    ec2.instances = [db(1)];
    clock = EC2_KEPT_MS - 1;
    expect(await namesOf({}, read)).toEqual([]);
    expect(await namesOf({ tags: { Role: ['d?'] } }, read)).toEqual([ID(1)]);
    clock = EC2_KEPT_MS;
    expect(await namesOf({}, read)).toEqual([ID(1)]);
  });

  test('that is throttled for a moment is asked again, and one that stays so is a sentence and is asked the next time', async () => {
    ec2.instances = [db(1)];
    const busy = { status: 503, code: 'RequestLimitExceeded', message: 'Request limit exceeded.' };
    ec2.fault = (nth) => (nth <= 2 ? busy : undefined);
    const read = reader();
    expect(await namesOf({}, read)).toEqual([ID(1)]);
    ec2.fault = () => busy;
    expect(await messageOf({ tags: { Role: ['x'] } }, read)).toContain('asked too often');
    ec2.fault = () => undefined;
    expect(await namesOf({ tags: { Role: ['x'] } }, read)).toEqual([]);
  });

  test('that refuses says which permission is missing, without the long message that it encodes', async () => {
    const message = `You are not authorized to perform this operation. Encoded authorization failure message: ${'x'.repeat(900)}`;
    ec2.fault = () => ({ status: 403, code: 'UnauthorizedOperation', message });
    const said = await messageOf({ region: 'eu-west-1' });
    expect(said).toMatch(/^EC2 in eu-west-1 refuses .*ec2:DescribeInstances/);
    expect(said.length).toBeLessThan(600);
  });

  test('that cannot be reached, or does not answer in time, is a sentence', async () => {
    ec2.fault = () => 'silence';
    expect(await messageOf({}, reader({ limitMs: 300 }))).toContain('no answer within 0.3 s');
    await ec2.stop();
    expect(await messageOf()).toMatch(/cannot be reached .*ECONNREFUSED/);
    ec2 = await startEc2();
  });

  test('without credentials or a region says what to set', async () => {
    restore();
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    restore = useLocalAws({ AWS_ENDPOINT_URL_EC2: ec2.url, ...none });
    expect(await messageOf()).toContain('AWS_PROFILE');
    restore();
    restore = useLocalAws({ AWS_ENDPOINT_URL_EC2: ec2.url, AWS_REGION: undefined });
    expect(await messageOf()).toContain('set AWS_REGION');
    expect(ec2.asked).toEqual([]);
  });
});
