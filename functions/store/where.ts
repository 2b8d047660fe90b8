/** Where a store is, as `--store` says it. */

export type StoreWhere =
  | {
      readonly kind: 'embedded';
      /** Absolute path of the state folder that the store is in. */
      readonly folder: string;
    }
  | {
      readonly kind: 'dynamodb';
      readonly table: string;
      /** Another address than AWS's, such as that of a VPC endpoint. */
      readonly endpoint?: string;
      /** Default: what the SDK's own chain finds. */
      readonly region?: string;
    };

/** What `--store` names; a PATH is as it was written. */
export type StoreOption =
  | { readonly kind: 'none' }
  | { readonly kind: 'embedded'; readonly path: string }
  | { readonly kind: 'dynamodb'; readonly table: string };

/** @returns one sentence where the text is not `none`, PATH or `dynamodb:TABLE` */
export function parseStoreOption(text: string): StoreOption | { error: string } {
  if (text === 'none') return { kind: 'none' };
  if (text === '') return { error: 'it is empty: give a folder, none, or dynamodb:TABLE' };
  if (text.startsWith(DYNAMODB)) {
    const table = text.slice(DYNAMODB.length);
    if (TABLE_NAME.test(table)) return { kind: 'dynamodb', table };
    return { error: 'a DynamoDB table is called by 3 to 255 of A-Z a-z 0-9 _ . -, as in dynamodb:whodisk' };
  }
  if (/^dynamodb$/i.test(text)) return { error: 'name the table too, as in dynamodb:whodisk' };
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    return { error: 'only dynamodb:TABLE is known; for a folder with a colon in its name write ./NAME' };
  }
  if (/^none$/i.test(text)) return { error: 'write none in small letters, or ./NONE for a folder' };
  if (text.includes('\0')) return { error: 'a path holds no NUL' };
  return { kind: 'embedded', path: text };
}

const DYNAMODB = 'dynamodb:';
/** CreateTable, TableName (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html). */
const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;
