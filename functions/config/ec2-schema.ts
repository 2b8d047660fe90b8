/** The section `ec2` of whodisk.yml: which instances are hosts. What is asked of EC2 and what it answers is in functions/cloud. */
import * as z from 'zod';
import { reaching } from './reaching-schema.ts';
import { isGroupName, text } from './setting-schemas.ts';

/** Of an instance (EC2 User Guide, "Tag restrictions"), in characters. */
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
/** What one DescribeInstances takes of the values of its filters; more than enough for a fleet. */
const MOST_VALUES = 100;
const MOST_KEYS = 20;
const MOST_ENTRIES = 20;

const isTagText = (most: number) => (value: string) => value.length <= most && !/\p{Cc}/u.test(value);
const value = text(`give the value of a tag in quotes, ${LONGEST_VALUE} characters at most.`, isTagText(LONGEST_VALUE));
const key = text(
  `give the key of a tag, 1 to ${LONGEST_KEY} characters.`,
  (one) => one !== '' && isTagText(LONGEST_KEY)(one),
);

const entrySchema = z.strictObject({
  region: text('give the code of a region, such as eu-central-1.', (one) =>
    /^[a-z]{2,8}(?:-[a-z]{2,16})+-\d{1,2}$/u.test(one),
  )
    .optional()
    .describe('The code of the region. Default: that of the AWS SDK, such as AWS_REGION.'),
  tags: z
    .record(
      key,
      z.union([
        value,
        z
          .array(value)
          .min(1, { error: 'give a value.' })
          .max(MOST_VALUES, { error: `give ${MOST_VALUES} at most.` }),
      ]),
    )
    .refine((tags) => Object.keys(tags).length > 0, { error: 'give a tag: without one it would be every instance.' })
    .refine((tags) => Object.keys(tags).length <= MOST_KEYS, { error: `give ${MOST_KEYS} at most.` })
    .describe('All of them must be there, each with its value or one of several; * and ? stand for any characters.'),
  group: text('give a group without blanks, brackets, commas and "@", other than all.', (one) =>
    one === 'all' ? false : isGroupName(one),
  )
    .optional()
    .describe('The group that they belong to.'),
  address: z
    .enum(['private-ip', 'private-dns', 'public-ip', 'public-dns'])
    .optional()
    .describe('Which address is dialled. Default private-ip.'),
  ...reaching,
});

export const ec2Schema = z.array(entrySchema).max(MOST_ENTRIES, { error: `give ${MOST_ENTRIES} at most.` });
