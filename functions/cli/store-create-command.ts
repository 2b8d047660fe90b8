/** `whodisk store create`: makes the table that `--store dynamodb:TABLE` uses. */
import { createTable } from '../store/create-table.ts';
import { StoreProblem } from '../store/problem.ts';
import { parseStoreOption } from '../store/where.ts';
import { FAILED, USAGE } from './exit-status.ts';
import { sayTo } from './say.ts';
import type { Streams } from './streams.ts';

/** Resolves to the exit status. */
export async function storeCreateCommand(table: string, streams: Streams): Promise<number> {
  const say = sayTo(streams);
  const where = parseStoreOption(`dynamodb:${table}`);
  if ('error' in where) {
    await say(`--store: ${where.error}`);
    return USAGE;
  }
  if (where.kind !== 'dynamodb') throw new TypeError('not a table');
  const created = await createTable(where);
  if (created instanceof StoreProblem) {
    await say(`the table was not made: ${created.message}\n${created.mend}`);
    return FAILED;
  }
  await say(
    `table ${table} ${created.isNew ? 'is made' : 'is there already, with the right keys'}` +
      `${created.expires ? '' : '; nothing in it expires by itself'}. Use it with --store dynamodb:${table}`,
  );
  return 0;
}
