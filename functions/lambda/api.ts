/** The function `api`: the HTTP API and the page. It asks for sweeps and reads what they found; it reaches no host. */
import packageJson from '../../package.json' with { type: 'json' };
import { handleAlerts } from '../alerts/handle-alerts.ts';
import { createApi } from '../api/app.ts';
import { createAuthenticate } from '../auth/authenticate.ts';
import { createSessions } from '../auth/session.ts';
import { adminTokensOf } from '../cloud/admin-tokens.ts';
import { awsSecret } from '../cloud/aws-secret.ts';
import { openEdge } from '../cloud/edge.ts';
import { type HttpFunction, httpFunction, sourceAddress } from '../cloud/http-function.ts';
import { cloudLog } from '../cloud/log.ts';
import { TELLS_NOTHING } from '../cloud/tells-nothing.ts';
import { warm } from '../cloud/warm.ts';
import { createPage } from '../page/app.ts';
import { createSweepService } from '../sweep/create-service.ts';
import { readEnvironment } from './environment.ts';

const start = warm(async () => {
  const told = readEnvironment(['table', 'planQueueUrl', 'finishQueueUrl', 'apiTokenSecret', 'redeliverySeconds']);
  const log = cloudLog();
  const queueUrls = { plan: told.planQueueUrl, finish: told.finishQueueUrl };
  const edge = await openEdge({ ...told, log, queueUrls });
  const service = createSweepService({ ...edge, ...TELLS_NOTHING });
  const adminTokens = adminTokensOf(awsSecret(told.apiTokenSecret, log));
  const api = createApi({
    ...edge,
    service,
    authenticate: createAuthenticate({ ...edge, adminTokens }),
    version: packageJson.version,
    alerts: (body, token) => handleAlerts({ ...edge, service }, body, token),
    addressOf: sourceAddress,
  });
  const sessions = createSessions({ ...edge, adminTokens });
  api.route('/', createPage({ ...edge, service, sessions, addressOf: sourceAddress }));
  return httpFunction(api, log);
});

export const handler: HttpFunction = async (event, context) => (await start())(event, context);
