/** Real answers (examples.json, which a test makes and compares), put beside the operations that gave them. */
import recorded from './examples.json' with { type: 'json' };

interface Content {
  readonly content?: Readonly<Record<string, { example?: unknown }>>;
}

interface Operation {
  readonly operationId?: string;
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
}

interface Example {
  readonly request?: unknown;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** @param paths of an OpenAPI document; changed in place */
export function addExamples(paths: Readonly<Record<string, object>>): void {
  const examples = new Map<string, Example>(Object.entries(recorded));
  for (const operation of Object.values(paths).flatMap((item) => Object.values(item) as Operation[])) {
    const example = examples.get(operation.operationId ?? '');
    if (example === undefined) continue;
    if (example.request !== undefined) put(operation.requestBody, example.request);
    for (const [status, answer] of Object.entries(example.answers)) put(operation.responses?.[status], answer);
  }
}

function put(where: Content | undefined, example: unknown): void {
  for (const media of Object.values(where?.content ?? {})) media.example = example;
}
