/** A CloudFormation template as JSON, and what its expressions come to once it is known what its resources are. */

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** What a resource of the test is called. */
export interface Made {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface TemplateValues {
  /** By logical id. What is not made here is called by its logical id. */
  readonly made: ReadonlyMap<string, Made>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly region: string;
}

export const resourcesOf = (template: Template, type: string): [string, Readonly<Record<string, unknown>>][] =>
  Object.entries(template.Resources).flatMap(([id, resource]) =>
    resource.Type === type ? [[id, resource.Properties ?? {}] as const].map(([a, b]) => [a, b]) : [],
  );

/** Of a value of a resource, with Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::If and what conditions are made of. @throws for any other */
export function resolved(value: unknown, template: Template, values: TemplateValues): unknown {
  const go = (inner: unknown): unknown => resolved(inner, template, values);
  if (Array.isArray(value)) return value.map(go).filter((one) => one !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, given] = ['', undefined]] = entries;
  const isExpression = entries.length === 1 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'));
  if (!isExpression) {
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, go(inner)]).filter(([, inner]) => inner !== undefined),
    );
  }
  const list = Array.isArray(given) ? given : [given];
  switch (name) {
    case 'Ref':
      return refOf(String(given), template, values);
    case 'Fn::GetAtt':
      return attributeOf(String(Array.isArray(given) ? given.join('.') : given), values);
    case 'Fn::Sub':
      return substituted(list, template, values);
    case 'Fn::Join':
      return (go(list[1]) as string[]).join(String(list[0]));
    case 'Fn::If':
      return go(isTrue(String(list[0]), template, values) ? list[1] : list[2]);
    case 'Condition':
      return isTrue(String(given), template, values);
    case 'Fn::Equals':
      return go(list[0]) === go(list[1]);
    case 'Fn::Not':
      return go(list[0]) !== true;
    case 'Fn::And':
      return list.every((one) => go(one) === true);
    case 'Fn::Or':
      return list.some((one) => go(one) === true);
    default:
      throw new Error(`the test does not know ${name}`);
  }
}

const isTrue = (condition: string, template: Template, values: TemplateValues): boolean =>
  resolved(template.Conditions?.[condition], template, values) === true;

function refOf(name: string, template: Template, { made, parameters, region }: TemplateValues): string | undefined {
  const pseudo: Record<string, string | undefined> = {
    'AWS::Region': region,
    'AWS::AccountId': '123456789012',
    'AWS::Partition': 'aws',
    'AWS::StackName': 'whodisk-test',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  if (name === 'AWS::NoValue') return undefined;
  const parameter = template.Parameters?.[name];
  const given = parameters[name] ?? parameter?.Default;
  return pseudo[name] ?? made.get(name)?.ref ?? (given === undefined ? name : String(given));
}

function attributeOf(path: string, { made }: TemplateValues): string {
  const [id = '', ...rest] = path.split('.');
  return made.get(id)?.attributes?.[rest.join('.')] ?? `arn:aws:test:::${id}`;
}

function substituted(list: readonly unknown[], template: Template, values: TemplateValues): string {
  const own = (list[1] ?? {}) as Record<string, unknown>;
  return String(list[0]).replace(/\$\{([^!}][^}]*)\}/gu, (_, name: string) => {
    if (name in own) return String(resolved(own[name], template, values));
    return String(name.includes('.') ? attributeOf(name, values) : refOf(name, template, values));
  });
}
