/** What `npm run package` made: the functions, unpacked from the very zips that are deployed, and the template beside them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { resourcesOf, type Template } from './template.ts';

export interface PackagedFunction {
  /** As in functions/lambda. */
  readonly name: string;
  /** Of its resource in the template. */
  readonly id: string;
  /** The file that the runtime imports, where it was unpacked. */
  readonly file: string;
  /** Name of the export. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** With the expressions of the template. */
  readonly environment: Readonly<Record<string, unknown>>;
}

export interface Package {
  readonly template: Template;
  readonly functions: ReadonlyMap<string, PackagedFunction>;
}

const TEMPLATE = 'cloudformation-template-update-stack.json';

/**
 * @param packed the folder with the zips and the template
 * @param into is made; each function in a folder of its own
 */
export function readPackage(packed: string, into: string): Package {
  const template = JSON.parse(readFileSync(path.join(packed, TEMPLATE), 'utf8')) as Template;
  const functions = new Map<string, PackagedFunction>();
  for (const [id, properties] of resourcesOf(template, 'AWS::Lambda::Function')) {
    const { Code, Handler, Timeout, MemorySize, Environment } = properties as unknown as FunctionProperties;
    const zip = path.basename(String(Code.S3Key));
    const name = path.basename(zip, '.zip');
    const folder = path.join(into, name);
    mkdirSync(folder, { recursive: true });
    execFileSync('unzip', ['-q', '-o', path.join(packed, zip), '-d', folder]);
    const [, module = '', handler = ''] = /^(.*)\.([^.]+)$/u.exec(Handler) ?? [];
    const file = ['mjs', 'js', 'cjs']
      .map((ext) => path.join(folder, `${module}.${ext}`))
      .find((one) => existsSync(one));
    if (file === undefined) throw new Error(`${zip} has no ${module}`);
    const environment = Environment?.Variables ?? {};
    functions.set(name, { name, id, file, handler, timeoutMs: Timeout * 1000, memoryMb: MemorySize, environment });
  }
  return { template, functions };
}

interface FunctionProperties {
  readonly Code: { readonly S3Key?: unknown };
  /** path/of/module.export */
  readonly Handler: string;
  /** Seconds. */
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly Environment?: { readonly Variables?: Record<string, unknown> };
}
