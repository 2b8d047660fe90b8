/** The event source mappings of the template. */
import type { Mapping } from './event-source.ts';
import { resolved, resourcesOf, type Template, type TemplateValues } from './template.ts';

/** Where the template says nothing of it; Lambda would begin with five. */
const AT_A_TIME = 2;

export function mappingsOf(template: Template, values: TemplateValues): (Mapping & { readonly functionId: string })[] {
  const urls = new Map([...values.made.values()].map(({ ref, attributes }) => [attributes?.['Arn'], ref]));
  const functionIds = resourcesOf(template, 'AWS::Lambda::Function').map(([id]) => id);
  return resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(([id, properties]) => {
    const queueArn = String(resolved(properties['EventSourceArn'], template, values));
    const queueUrl = urls.get(queueArn);
    const target = JSON.stringify(properties['FunctionName']);
    const functionId = functionIds.find((one) => target.includes(`"${one}"`));
    if (queueUrl === undefined || functionId === undefined)
      throw new Error(`${id} joins nothing: ${target}, ${queueArn}`);
    const scaling = properties['ScalingConfig'] as { MaximumConcurrency?: number } | undefined;
    const types = (properties['FunctionResponseTypes'] ?? []) as string[];
    return {
      functionId,
      queueArn,
      queueUrl,
      batchSize: Number(properties['BatchSize'] ?? 10),
      reportsFailures: types.includes('ReportBatchItemFailures'),
      atATime: scaling?.MaximumConcurrency ?? AT_A_TIME,
    };
  });
}
