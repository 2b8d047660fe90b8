import { expect, test } from 'vitest';
import { readSecret } from '../secrets.ts';
import { secretsIn } from './json-secret.ts';
import type { SecretReader, SecretText } from './secret-reader.ts';

const holding = (read: SecretText): SecretReader => ({ name: 'whodisk/prod', read: async () => read });
const secret = (text: string, name = 'SLACK') => readSecret({ env: name }, secretsIn(holding({ text })));

test('what whodisk.yml calls {env: NAME} is an entry of the secret, as it is a variable on one machine', async () => {
  expect(await secret('{"SLACK": "s3cret\\n", "OTHER": "x"}')).toEqual({ secret: 's3cret' });
});

test.each([
  ['{"OTHER": "x"}', 'SLACK in the secret whodisk/prod is not there: add it.'],
  ['{"SLACK": ""}', 'SLACK in the secret whodisk/prod is empty: put the secret into it.'],
  [
    '{"SLACK": "a\\nb"}',
    'SLACK in the secret whodisk/prod holds more than one line, or no text: put the secret alone into it.',
  ],
  ['{"SLACK": 7}', 'The secret whodisk/prod is no JSON object of names and texts, such as {"NAME": "…"}.'],
  ['s3cret', 'The secret whodisk/prod is no JSON object of names and texts, such as {"NAME": "…"}.'],
])('the problem with %j names the secret and the entry, and nothing of what is in it', async (text, problem) => {
  expect(await secret(text)).toEqual({ problem });
});

test('a name that every object knows is no entry', async () => {
  expect(await secret('{}', 'constructor')).toEqual({ problem: expect.stringContaining('is not there') });
});

test('where the secret cannot be read, that is the problem', async () => {
  const read = await readSecret({ env: 'SLACK' }, secretsIn(holding({ problem: 'It is refused.' })));
  expect(read).toEqual({ problem: 'It is refused.' });
});
