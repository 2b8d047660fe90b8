/** The sections of whodisk.yml that are for the service, as they may stand there. What they name is checked in service-sections.ts. */
import * as z from 'zod';
import { cronProblem } from './cron.ts';
import { file, isPlain, text, WINDOW_SECONDS, whole } from './setting-schemas.ts';
import { isOrigin, isPublicUrl, isTellUrl } from './urls.ts';

const LONGEST_QUIET_MINUTES = 1440;
/** Minutes. */
export const QUIET_MINUTES = 10;
export const ALERT_LABEL = 'instance';
export const RESPONSE_ORIGINS = ['https://hooks.slack.com'];
const MOST_ENTRIES = 1000;

const secret = z
  .strictObject({
    env: text('give the name of an environment variable.', (value) => /^[A-Za-z_][A-Za-z0-9_]{0,127}$/u.test(value))
      .optional()
      .describe('The environment variable that holds it.'),
    file: file
      .optional()
      .describe(
        'The file that holds it, readable by its owner alone. A relative path is relative to this file’s folder.',
      ),
  })
  .refine((value) => (value.env === undefined) !== (value.file === undefined), {
    error: 'give env: NAME or file: PATH, where the secret is; never the secret itself.',
  });

const name = text(
  'give a short name of letters, digits, "_", "-" and ".", which begins with a letter or digit.',
  (value) => /^[A-Za-z0-9][\w.-]{0,63}$/u.test(value),
);

const targets = z
  .array(text('give the name of a host, a folded set such as db-[1-20], or @group.', isPlain))
  .min(1, { error: 'give a target: a host or a @group of the inventory.' })
  .max(MOST_ENTRIES, { error: `give ${MOST_ENTRIES} at most: make a group of them.` });

const tellList = z.array(name).max(20, { error: 'give 20 at most.' });

/** Slack's ids are a letter for their kind and digits and capitals; W for users of an Enterprise Grid. */
const slackId = (letters: string, example: string): z.ZodString =>
  text(`give Slack's id, such as ${example}, not the name.`, (value) =>
    new RegExp(`^[${letters}][A-Z0-9]{2,30}$`, 'u').test(value),
  );
const ids = (one: z.ZodString) =>
  z
    .array(one)
    .min(1, { error: 'give one at least, or leave it out: then it is everybody.' })
    .max(MOST_ENTRIES, { error: `give ${MOST_ENTRIES} at most.` });

const slackSchema = z.strictObject({
  signingSecret: secret.describe('Where the signing secret of the Slack app is.'),
  responseOrigins: z
    .array(
      text(
        'give scheme://host[:port] without a path; http only for a loopback address such as http://127.0.0.1:8080.',
        isOrigin,
      ),
    )
    .min(1, { error: 'give one at least, or leave it out.' })
    .max(20, { error: 'give 20 at most.' })
    .optional()
    .describe(`Where a response_url may lead. Default [${RESPONSE_ORIGINS}].`),
  allow: z
    .array(
      z.strictObject({
        team: slackId('TE', 'T012AB3CD').describe('The id of the workspace.'),
        channels: ids(slackId('CGD', 'C012AB3CD'))
          .optional()
          .describe('Ids of channels. Default: all of the workspace.'),
        users: ids(slackId('UW', 'U012AB3CD'))
          .optional()
          .describe('Ids of users. Default: everybody in these channels.'),
        targets: targets.describe('Names and @groups that they may sweep.'),
      }),
    )
    .max(MOST_ENTRIES, { error: `give ${MOST_ENTRIES} at most.` })
    .describe('Who may sweep what. What several entries allow somebody, together, is allowed.'),
});

const destinationSchema = z
  .strictObject({
    slack: secret.optional().describe('Where the URL of a Slack incoming webhook is, which is a secret.'),
    url: text('give an https URL without a user in it; http only for a loopback address.', isTellUrl)
      .optional()
      .describe('Gets a signed JSON body by POST.'),
    secret: secret.optional().describe('Where the secret is that signs it.'),
  })
  .refine((value) => (value.slack === undefined) !== (value.url === undefined), {
    error: 'give slack (where the webhook is) or url and secret.',
  })
  .refine((value) => (value.url === undefined) === (value.secret === undefined), {
    error: 'url and secret belong together: the secret signs what the URL gets.',
  });

const scheduleSchema = z.strictObject({
  cron: z
    .string({ error: 'give five fields in quotes, such as "30 6 * * 1-5".' })
    .superRefine((value, context) => {
      const problem = cronProblem(value);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .describe('When: minute, hour, day of the month, month, day of the week.'),
  timeZone: text('give a time zone by its IANA name, such as Europe/Berlin.', isTimeZone)
    .optional()
    .describe('IANA name of the time zone that cron is in. Default UTC.'),
  targets: targets.describe('Names and @groups.'),
  windowSeconds: WINDOW_SECONDS.optional().describe('How long a host is sampled.'),
  watch: z
    .enum(['saturated', 'busy'])
    .optional()
    .describe('saturated: hung and saturated hosts are news; busy: those that become busy as well. Default saturated.'),
  tell: tellList.describe('Names of entries of tell.'),
});

const alertsSchema = z.strictObject({
  label: text('give the name of a label.', (value) => /^[\p{L}_][\p{L}\p{N}_.:-]{0,127}$/u.test(value))
    .optional()
    .describe(`The label of an alert that names the host. Default ${ALERT_LABEL}.`),
  hosts: z
    .record(text('give what the label says.', isPlain), text('give the name of a host of the inventory.', isPlain))
    .optional()
    .describe('What the label says, to the name in the inventory, where they differ.'),
  quietMinutes: whole(0, LONGEST_QUIET_MINUTES)
    .optional()
    .describe(`Alerts sweep a host once in this time. Default ${QUIET_MINUTES}.`),
  windowSeconds: WINDOW_SECONDS.optional().describe('How long a host is sampled.'),
  tell: tellList.optional().describe('Names of entries of tell.'),
});

/** Keys of the whole file. */
export const serviceSections = {
  publicUrl: text('give an https URL, such as https://whodisk.example.com; http only for this machine.', isPublicUrl)
    .optional()
    .describe('Where people find the service.'),
  slack: slackSchema.optional().describe('The Slack app that asks for sweeps.'),
  tell: z.record(name, destinationSchema).optional().describe('Where results are told, by name.'),
  schedules: z.record(name, scheduleSchema).optional().describe('Sweeps that come by themselves, by name.'),
  alerts: alertsSchema.optional().describe('What Alertmanager may ask for at POST /hooks/alertmanager.'),
};

export type ServiceValue = z.output<z.ZodObject<typeof serviceSections>>;

function isTimeZone(value: string): boolean {
  try {
    // What ECMA-402 takes besides names, such as +01:00, knows no summer time and is no name.
    return /^[A-Za-z]/u.test(value) && new Intl.DateTimeFormat('en', { timeZone: value }) !== undefined;
  } catch {
    return false;
  }
}
