/** The environment of this very process, for code that makes its own clients of AWS: endpoints and credentials, and all put back. */
import { LOCAL_AWS } from './local-aws.ts';

/** @param variables beside those of local-aws.ts; undefined takes one away  @returns what puts everything back as it was */
export function setAwsVariables(variables: Readonly<Record<string, string | undefined>> = {}): () => void {
  const wanted = { ...LOCAL_AWS, ...variables };
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  for (const [name, value] of Object.entries(wanted)) set(name, value);
  return () => {
    for (const [name, value] of before) set(name, value);
  };
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
