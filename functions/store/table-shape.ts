/** The keys of the single table, for CreateTable here and in the cloud. What the keys hold is in keys.ts. */
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** Rows of a sweep, worst host first. Sparse: only items with a `rank` are in it. */
export const RANKING_INDEX = 'ranking';

/** DynamoDB deletes an item some time after these epoch seconds; readers leave it out from then on. */
export const EXPIRY_ATTRIBUTE = 'expiresAt';

/** As CreateTable takes it, but for the name. */
export const TABLE_SHAPE = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'rank', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: RANKING_INDEX,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'rank', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
} satisfies Omit<CreateTableCommandInput, 'TableName'>;
