/** Asks EC2 for the running instances that have certain tags: DescribeInstances, page by page, and nothing else. */
import type { DescribeInstancesCommandInput, EC2Client, Instance } from '@aws-sdk/client-ec2';
import { MOST_HOSTS } from '../../runner/fleet/inventory.ts';
import { EC2_KEPT_MS, type Ec2Read, type Ec2Source, type ReadEc2 } from '../config/ec2-source.ts';
import { inTime } from '../in-time.ts';
import { quietSdk } from '../store/clients.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';
import { type Ec2Instance, inventoryOfInstances } from './ec2-inventory.ts';
import { ec2Problem } from './ec2-problem.ts';

export interface Ec2Options {
  /** Milliseconds; in a function those of Date, for a monotonic clock may stand still while it is frozen. */
  readonly clockMs: () => number;
  /** For all pages of one entry; default 20,000. */
  readonly limitMs?: number;
}

/**
 * Credentials, and the region where none is given, are those of the SDK's own chain. The SDK is loaded when it is first asked. Answers are
 * kept for almost a minute; what failed is asked again.
 */
export function createReadEc2({ clockMs, limitMs = LIMIT_MS }: Ec2Options): ReadEc2 {
  const clients = new Map<string, Promise<Asking>>();
  const kept = new Map<string, { readonly untilMs: number; readonly instances: readonly Ec2Instance[] }>();

  async function instancesOf({ region, tags }: Ec2Source): Promise<readonly Ec2Instance[] | 'late' | 'too-many'> {
    const key = JSON.stringify([region, tags]);
    const known = kept.get(key);
    if (known !== undefined && clockMs() < known.untilMs) return known.instances;
    const asking = clients.get(region ?? '') ?? makeAsking(region);
    clients.set(region ?? '', asking);
    const giveUp = new AbortController();
    const work = asking.then((ask) => allPages(ask, filtersOf(tags), giveUp.signal));
    // A look-up of credentials heeds no signal.
    const instances = await inTime(work, limitMs);
    if (instances === 'late') giveUp.abort();
    else if (instances !== 'too-many') kept.set(key, { untilMs: clockMs() + EC2_KEPT_MS, instances });
    return instances;
  }

  return async (source): Promise<Ec2Read> => {
    const { region } = source;
    try {
      const instances = await instancesOf(source);
      if (instances === 'too-many') {
        return {
          kind: 'unavailable',
          message: `these tags are those of more than ${MOST_HOSTS} instances: give more of them.`,
        };
      }
      if (instances !== 'late') return { kind: 'inventory', inventory: inventoryOfInstances(instances, source) };
      const timeout = Object.assign(new Error(`no answer within ${limitMs / 1000} s`), { name: 'TimeoutError' });
      return { kind: 'unavailable', message: ec2Problem(timeout, region) };
    } catch (error) {
      return { kind: 'unavailable', message: ec2Problem(error, region) };
    }
  };
}

interface Asking {
  readonly client: EC2Client;
  readonly DescribeInstancesCommand: typeof import('@aws-sdk/client-ec2').DescribeInstancesCommand;
}

async function makeAsking(region: string | undefined): Promise<Asking> {
  quietSdk();
  const { EC2Client, DescribeInstancesCommand } = await import('@aws-sdk/client-ec2');
  const client = new EC2Client({ ...(region !== undefined && { region }), ...CLIENT_SETTINGS, maxAttempts: ATTEMPTS });
  return { client, DescribeInstancesCommand };
}

type Filters = NonNullable<DescribeInstancesCommandInput['Filters']>;

function filtersOf(tags: Ec2Source['tags']): Filters {
  const wanted = Object.entries(tags).map(([key, values]) => ({ Name: `tag:${key}`, Values: [...values] }));
  return [{ Name: 'instance-state-name', Values: ['running'] }, ...wanted];
}

async function allPages(
  { client, DescribeInstancesCommand }: Asking,
  Filters: Filters,
  abortSignal: AbortSignal,
): Promise<Ec2Instance[] | 'too-many'> {
  const found: Ec2Instance[] = [];
  let NextToken: string | undefined;
  do {
    const input = { Filters, MaxResults: MOST_A_PAGE, ...(NextToken !== undefined && { NextToken }) };
    const page = await client.send(new DescribeInstancesCommand(input), { abortSignal });
    for (const { Instances = [] } of page.Reservations ?? []) found.push(...Instances.map(instanceOf));
    if (found.length > MOST_HOSTS) return 'too-many';
    NextToken = page.NextToken === '' ? undefined : page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

function instanceOf({
  InstanceId,
  PrivateIpAddress,
  PrivateDnsName,
  PublicIpAddress,
  PublicDnsName,
}: Instance): Ec2Instance {
  return {
    id: InstanceId ?? '',
    privateIp: PrivateIpAddress,
    privateName: PrivateDnsName,
    publicIp: PublicIpAddress,
    publicName: PublicDnsName,
  };
}

/** The most that DescribeInstances gives at a time. */
const MOST_A_PAGE = 1000;
/** EC2 throttles a whole account. */
const ATTEMPTS = 4;
const LIMIT_MS = 20_000;
