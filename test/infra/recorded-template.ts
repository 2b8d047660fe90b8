/** The template as `npm run package` makes it: package.test.ts sees to it that this file is that. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { resourcesOf, type Template } from '../cloud/template.ts';

export const TEMPLATE = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'infra', 'template.json'), 'utf8'),
) as Template;

/** Of the function called `name`: ApiLambdaFunction is api's. */
export const idOf = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}LambdaFunction`;

export const propertiesOf = <Properties>(id: string): Properties => TEMPLATE.Resources[id]?.Properties as Properties;

/** The properties of all resources of a type, with their logical ids. */
export const allOf = <Properties>(type: string) =>
  resourcesOf(TEMPLATE, type).map(([id, properties]) => ({ id, ...(properties as unknown as Properties) }));
