/** Who asked what of DynamoDB, each kind of request once: whether the roles allow it is for test/infra/permitted.ts to say. */
import type { TableRequest } from '../infra/permitted.ts';

export interface TableRequests {
  /** @param authorization the header: its access key is the name of the function  @param body of the request, JSON */
  note(authorization: string, operation: string, body: string): void;
  seen(): readonly TableRequest[];
}

export function createTableRequests(): TableRequests {
  const seen = new Map<string, TableRequest>();
  return {
    note(authorization, operation, text) {
      const by = /Credential=([^/]+)\//u.exec(authorization)?.[1] ?? '';
      const { IndexName, ...body } = JSON.parse(text) as Body;
      const keys = [...new Set(keysIn(body).map(kindOf))].sort();
      const request = { by, operation, keys, ...(IndexName !== undefined && { index: IndexName }) };
      seen.set(JSON.stringify(request), request);
    },
    seen: () => [...seen.values()],
  };
}

type Key = { readonly pk?: { readonly S?: string } } | undefined;

interface Body {
  readonly IndexName?: string;
  readonly Key?: Key;
  readonly Item?: Key;
  readonly ExpressionAttributeValues?: { readonly ':pk'?: { readonly S?: string } };
  readonly RequestItems?: Readonly<
    Record<string, readonly { PutRequest?: { Item: Key }; DeleteRequest?: { Key: Key } }[]>
  >;
}

function keysIn({ Key, Item, ExpressionAttributeValues, RequestItems = {} }: Body): string[] {
  const batch = Object.values(RequestItems).flat();
  const written = batch.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key);
  const keys = [Key, Item, ...written].map((one) => one?.pk?.S);
  return [...keys, ExpressionAttributeValues?.[':pk']?.S].flatMap((key) => key ?? []);
}

/** Without the names of hosts and the ids of sweeps, of which there may be thousands. */
const kindOf = (key: string): string =>
  key.replace(/^host#.*/su, 'host#NAME').replaceAll(/[0-9A-HJKMNP-TV-Z]{26}/gu, 'ID');
