/** Which settings there are at some place of whodisk.yml, for suggestions. */
import * as z from 'zod';
import { configSchema } from './config-schema.ts';
import type { ConfigPath } from './yaml-value.ts';

/** The keys of the mapping that stands at the path; none where none may stand there, or one of any names. */
export function knownKeys(path: ConfigPath): readonly string[] {
  let schema: unknown = configSchema;
  for (const step of path) schema = within(mappingIn(schema), String(step));
  const mapping = mappingIn(schema);
  return mapping instanceof z.ZodObject ? Object.keys(mapping.shape) : [];
}

function within(schema: unknown, step: string): unknown {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, unknown>)[step];
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

/** Of alternatives the mapping, since a list has no keys to suggest. */
function mappingIn(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return mappingIn(schema.unwrap());
  }
  return schema instanceof z.ZodUnion ? schema.options.find((each) => each instanceof z.ZodObject) : schema;
}
