import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redacted } from './redact.ts';

describe('redacted', () => {
  test.each([
    'app --password hunter2xyz',
    'app --password=hunter2xyz',
    'app -token hunter2xyz',
    'env PGPASSWORD=hunter2xyz psql',
    'curl -H "Authorization: Bearer hunter2xyz" http://x',
    'curl https://bob:hunter2xyz@host/path',
    'mysqldump -u root -phunter2xyz all',
    'app --api-key hunter2xyz --verbose',
    'app --db.secretKey=hunter2xyz',
    `app '{"token":"hunter2xyz"}'`,
    'redis-cli --auth hunter2xyz',
  ])('%s shows no secret', (line) => {
    expect(redacted(line)).not.toContain('hunter2xyz');
    expect(redacted(line)).toContain('[redacted]');
  });

  test('a long random word is taken for a key', () => {
    expect(redacted('app 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08')).toBe('app [redacted]');
  });

  test.each([
    'python3 /srv/app/main.py --workers 4',
    'dd if=/dev/zero of=/data/x bs=1M',
    'java -Xmx4g -jar /opt/app.jar',
    'tar -cf /backup/2026-11-24.tar /var/lib/postgresql/16/main',
  ])('%s stays as it is', (line) => {
    expect(redacted(line)).toBe(line);
  });

  test('doing it twice changes nothing more, whatever the text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (line) => redacted(redacted(line)) === redacted(line)));
  });

  test('a hostile line of a kilobyte takes no time', () => {
    const started = performance.now();
    for (const piece of ['auth', 'mysql -p', 'a1', '://', 'token=', '- ']) redacted(piece.repeat(1024 / piece.length));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
