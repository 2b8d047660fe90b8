/** Real answers (examples.json, which a test makes and compares), put beside the operations that gave them. */
import { readFileSync } from 'node:fs';

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
  // A file of its own, which is read for whoever asks for the document: no start has to parse it.
  const recorded = readFileSync(new URL('./examples.json', import.meta.url), 'utf8');
  const examples = new Map<string, Example>(Object.entries(JSON.parse(recorded) as Record<string, Example>));
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
