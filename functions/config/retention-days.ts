/** How long findings are kept where whodisk.yml does not say, in days. */
export const RETENTION_DAYS = 30;
