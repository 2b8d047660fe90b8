import { parseDocument } from 'yaml';

export const USAGE = `usage: npm run package|deploy -- [OPTION ...]

  --config FILE         the whodisk.yml that goes into the package, with its inventories and known_hosts
  --stage NAME          default dev: everything is called whodisk-NAME
  --region REGION       default: AWS_REGION, AWS_DEFAULT_REGION, eu-central-1
  --aws-profile NAME    default: what the AWS SDK finds
  --param NAME=VALUE    again for each one; to deploy, vpcId and subnetIds are needed

docs/serverless.md tells of the parameters, serverless.yml has them all with their defaults. Other options are those of osls.
`;
/** What a deployment cannot do without; serverless.yml has all parameters. */
const REQUIRED = ['vpcId', 'subnetIds'];
/** AWS Lambda Developer Guide, "Using Lambda with Amazon SQS". */
const VISIBILITY_TIMES = 6;

/**
 * @param {string[]} args `package` or `deploy`, then options
 * @returns {{ command: string, config?: string, rest: string[] }} `rest` is for osls
 */
export function readDeployArguments([command = '', ...args]) {
  const rest = [];
  let config;
  for (let index = 0; index < args.length; index++) {
    const [name, value] = args[index].split(/=(.*)/s);
    if (name !== '--config') rest.push(args[index]);
    else config = value ?? args[++index];
  }
  const given = parametersIn(rest);
  const timeoutSeconds = Number(given.get('workerTimeoutSeconds'));
  if (timeoutSeconds > 0 && !given.has('workerRedeliverySeconds')) {
    rest.push('--param', `workerRedeliverySeconds=${VISIBILITY_TIMES * timeoutSeconds}`);
  }
  return { command, ...(config !== undefined && { config }), rest };
}

/**
 * @param {string} command
 * @param {string[]} rest
 * @param {string} serverlessYaml the text of serverless.yml
 * @returns {string[]} what is wrong, sentences
 */
export function deployProblems(command, rest, serverlessYaml) {
  if (command !== 'package' && command !== 'deploy') return ['the command is package or deploy.'];
  const given = parametersIn(rest);
  // osls takes any name, and does nothing with one that is misspelt.
  const known = Object.keys(parseDocument(serverlessYaml, { logLevel: 'silent' }).toJS().params.default);
  const problems = [...given.keys()]
    .filter((name) => !known.includes(name))
    .map((name) => `there is no parameter ${name}: serverless.yml has them all.`);
  if (command === 'package') return problems;
  const missing = REQUIRED.filter((name) => !given.has(name)).map(
    (name) => `give --param ${name}=…: the workers need a place in your VPC (docs/serverless.md).`,
  );
  problems.push(...missing);
  if (given.get('createEndpoints') === 'true' && !given.has('routeTableIds')) {
    problems.push('give --param routeTableIds=…: the endpoint of DynamoDB is a route in the tables of these subnets.');
  }
  return problems;
}

/** Those of `--param NAME=VALUE` and `--param=NAME=VALUE`. */
function parametersIn(args) {
  const given = new Map();
  for (const [index, arg] of args.entries()) {
    const text = arg.startsWith('--param=') ? arg.slice('--param='.length) : args[index - 1] === '--param' ? arg : '';
    const [name, value] = text.replaceAll(/^["']|["']$/g, '').split(/=(.*)/s);
    if (value) given.set(name, value);
  }
  return given;
}
