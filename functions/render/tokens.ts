/** `whodisk token list`: the tokens of the HTTP API, the oldest first; never a token itself, nor its hash. */
import { agoShort, utcMinute } from './age.ts';
import { type ColumnSet, columnLine, fitColumns } from './columns.ts';
import { encodeJson, encodeText } from './encode.ts';
import { NARROWEST, type TerminalOptions } from './terminal.ts';

export interface ListedToken {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly revokedAt?: string | undefined;
}

const TITLES = { id: 'ID', name: 'NAME', scope: 'SCOPE', made: 'MADE (UTC)', ago: 'AGO', state: 'STATE' } as const;
type Column = keyof typeof TITLES;

const COLUMNS: ColumnSet<Column> = {
  titles: TITLES,
  optional: ['ago', 'made'],
  figures: new Set(['ago']),
  elastic: { name: { least: 8, most: 40 }, state: { least: 7, most: 40 } },
  cutAtStart: new Set(),
};

export function renderTokens(tokens: readonly ListedToken[], nowMs: number, options: TerminalOptions): string {
  if (tokens.length === 0) return `${NONE}\n`;
  const { paint } = options;
  const rows = tokens.map(({ id, name, scope, createdAt, revokedAt }) => ({
    id: encodeText(id),
    name: encodeText(name),
    scope: encodeText(scope),
    made: utcMinute(createdAt),
    ago: agoShort(Date.parse(createdAt), nowMs),
    state: revokedAt === undefined ? 'in use' : `revoked ${utcMinute(revokedAt)}`,
  }));
  const widths = fitColumns(COLUMNS, rows, Math.max(NARROWEST, options.width));
  const lines = rows.map((row, index) => {
    const line = columnLine(COLUMNS, row, widths, (_, cell) => cell);
    return tokens[index]?.revokedAt === undefined ? line : paint.dim(line);
  });
  return `${[paint.dim(columnLine(COLUMNS, TITLES, widths, (_, cell) => cell)), ...lines].join('\n')}\n`;
}

export function renderTokensPlain(tokens: readonly ListedToken[]): string {
  if (tokens.length === 0) return `${NONE}\n`;
  const lines = tokens.map(({ id, name, scope, createdAt, revokedAt }) => {
    const state = revokedAt === undefined ? 'in use' : `revoked ${revokedAt}`;
    return `${encodeText(id)} ${encodeText(name)}: scope ${encodeText(scope)}, made ${createdAt}, ${state}`;
  });
  return `${lines.join('\n')}\n`;
}

export function renderTokensJson(tokens: readonly ListedToken[]): string {
  const shown = tokens.map(({ id, name, scope, createdAt, revokedAt }) => ({
    id,
    name,
    scope,
    createdAt,
    ...(revokedAt !== undefined && { revokedAt }),
  }));
  return `${encodeJson(JSON.stringify({ tokens: shown }, null, 2))}\n`;
}

const NONE = 'There is no token yet but that of the token file: whodisk token create --scope read makes one.';
