/** Which function answers a request, by the routes and integrations of the template. */
import { resolved, resourcesOf, type Template, type TemplateValues } from './template.ts';

/** @param method upper case. @returns the logical id of a function, undefined where no route is */
export type FunctionFor = (method: string, path: string) => string | undefined;

/** @throws Error where an integration leads to no function */
export function routesOf(template: Template, values: TemplateValues): FunctionFor {
  const integrations = new Map(
    resourcesOf(template, 'AWS::ApiGatewayV2::Integration').map(([id, { IntegrationUri }]) => [
      id,
      functionIn(JSON.stringify(IntegrationUri), template),
    ]),
  );
  const routes = new Map(
    resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { RouteKey, Target }]) => {
      const id = String(resolved(Target, template, values)).replace(/^integrations\//u, '');
      return [String(RouteKey), integrations.get(id)];
    }),
  );
  return (method, path) => routes.get(`${method} ${path}`) ?? routes.get(`ANY ${path}`) ?? routes.get('$default');
}

function functionIn(uri: string, template: Template): string {
  const id = resourcesOf(template, 'AWS::Lambda::Function').find(([name]) => uri.includes(`"${name}"`))?.[0];
  if (id === undefined) throw new Error(`no function in ${uri}`);
  return id;
}
