import { expect, test } from 'vitest';
import { configJsonSchema } from './config-schema.ts';

interface Described {
  readonly description?: string;
  readonly properties?: Record<string, Described>;
  readonly additionalProperties?: Described | boolean;
  readonly anyOf?: readonly Described[];
}

test('the JSON Schema for editors describes every setting and refuses unknown ones', () => {
  const schema = configJsonSchema() as Described;
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    additionalProperties: false,
    properties: { windowSeconds: { type: 'integer', minimum: 1, maximum: 60 }, retentionDays: { default: 30 } },
  });
  // What is optional in the file is optional for the editor.
  expect(schema).not.toHaveProperty('required');
  const undescribed = Object.entries(schema.properties ?? {}).filter(([, { description = '' }]) => description === '');
  expect(undescribed).toEqual([]);
  const host = schema.properties?.['hosts']?.additionalProperties;
  expect(JSON.stringify(host)).toContain('"hostKeys"');
});
