/** How long AWS is waited for, by every client but that of the store, which has limits of its own. */

/** Three attempts come to a decision within ten seconds. */
export const CLIENT_SETTINGS = {
  maxAttempts: 3,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const;
