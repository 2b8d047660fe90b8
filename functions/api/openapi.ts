/** The OpenAPI document of what an app serves, made once. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from './env.ts';
import { addExamples } from './openapi-examples.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono<ApiEnv>['getOpenAPI31Document']>;

export function openApiDocument(app: OpenAPIHono<ApiEnv>, version: string): OpenApiDocument {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token of `whodisk token create --scope read|run|admin`, or that of the token file. run holds read, and admin holds both.',
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'whodisk',
      version,
      description:
        'Which host, which disk, which process, through which file, and why: disk triage of a fleet over SSH, with nothing installed on the hosts. Names and paths in answers are as hosts sent them: encode them before you show them.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'sweeps', description: 'Sweeps: started, listed, looked at, cancelled' },
      { name: 'results', description: 'What a sweep found' },
      { name: 'history', description: 'What was before' },
      { name: 'audit', description: 'Who asked for what' },
      { name: 'alerts', description: 'Alerts that ask for sweeps' },
      { name: 'service', description: 'The service itself' },
    ],
  });
  addExamples(document.paths ?? {});
  return document;
}
