/** The sections of whodisk.yml that are for the service: chat, schedules, alerts, and where to tell. */

/** Where a secret is; never the secret itself. `file` is an absolute path. */
export type SecretSource = { readonly env: string } | { readonly file: string };

export interface SlackConfig {
  readonly signingSecret: SecretSource;
  /** What a response_url may begin with: scheme, host and port, such as https://hooks.slack.com. */
  readonly responseOrigins: readonly string[];
  /** Who may sweep what; the first one that fits does not end the search: what several allow, together, is allowed. */
  readonly allow: readonly SlackPermission[];
}

export interface SlackPermission {
  /** Slack's id, T…. */
  readonly team: string;
  /** Ids, C…; absent: every channel of the team. */
  readonly channels?: readonly string[];
  /** Ids, U…; absent: everybody in these channels. */
  readonly users?: readonly string[];
  /** Names and @groups of the inventory. */
  readonly targets: readonly string[];
}

/** Where results are told. */
export type Destination =
  | { readonly kind: 'slack'; readonly webhook: SecretSource }
  /** A JSON body, signed with the secret. */
  | { readonly kind: 'url'; readonly url: string; readonly secret: SecretSource };

export interface ScheduleConfig {
  readonly name: string;
  readonly cron: string;
  /** IANA name; UTC by default. */
  readonly timeZone: string;
  readonly targets: readonly string[];
  readonly windowSeconds?: number;
  readonly watch: 'saturated' | 'busy';
  /** Names in `tell`. */
  readonly tell: readonly string[];
}

export interface AlertsConfig {
  /** The label that names the host. */
  readonly label: string;
  /** What the label says, to the name of the inventory, where they differ. */
  readonly hosts: ReadonlyMap<string, string>;
  /** A host is swept for alerts once in this time. */
  readonly quietMinutes: number;
  readonly windowSeconds?: number;
  readonly tell: readonly string[];
}

export interface ServiceConfig {
  /** Where people find the service, without a slash at the end. */
  readonly publicUrl?: string;
  readonly slack?: SlackConfig;
  readonly tell: ReadonlyMap<string, Destination>;
  readonly schedules: readonly ScheduleConfig[];
  readonly alerts: AlertsConfig;
}
