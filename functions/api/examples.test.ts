import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { exampleAnswers } from '../../test/api/example-answers.ts';

vi.setConfig({ testTimeout: 30_000 });

const FILE = new URL('./examples.json', import.meta.url);

// After a change that is meant: WRITE_EXAMPLES=1 npx vitest run functions/api/examples; npm run format
it('examples are what the API really answers', async () => {
  const answers: unknown = JSON.parse(JSON.stringify(await exampleAnswers()));
  if (process.env['WRITE_EXAMPLES']) writeFileSync(FILE, JSON.stringify(answers));
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(answers);
});
