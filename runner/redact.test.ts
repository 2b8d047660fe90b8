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
    'env PASS=hunter2xyz DB_HOST=x app',
    'env DB_PASS=hunter2xyz app',
    'app --pass hunter2xyz',
    'app --pass=hunter2xyz',
    'openssl enc -pass pass:hunter2xyz -in x',
    'curl -u admin:hunter2xyz http://x',
    'curl -uadmin:hunter2xyz http://x',
    'curl -sSu admin:hunter2xyz http://x',
    'curl --user=admin:hunter2xyz http://x',
    'curl --proxy-user admin:hunter2xyz http://x',
    'sshpass -p hunter2xyz ssh host',
    'sshpass -phunter2xyz ssh host',
    '/usr/bin/redis-cli -h db -a hunter2xyz ping',
    'psql postgres://bob:pa/hunter2xyz@host/db',
    'psql postgres://bob:pa@hunter2xyz@host/db',
    'psql postgres://bob:pa:hunter2xyz@host/db',
    'app --url=https://hunter2xyz@host/x',
    'app --option=user=bob --option=password=hunter2xyz',
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
    'tar -p -xf /backup/a.tar',
    'mkdir -p /srv/data',
    'mkdir -p /var/lib/mysql',
    'ftp --passive host',
    'passenger --passthrough x',
    'ssh -p 2222 host',
    'docker run -u 1000:1000 image',
    'curl -u admin https://host:8443/x',
    'mysqldump -P 3306 -p all',
    'rsync -a /srv/ backup@host:/srv/',
    'git clone https://host/a/b.git',
  ])('%s stays as it is', (line) => {
    expect(redacted(line)).toBe(line);
  });

  test('doing it twice changes nothing more, whatever the text', () => {
    const piece = fc.constantFrom(
      ...[
        'pass',
        'token',
        'auth',
        'bearer ',
        '--',
        '-',
        ' -p',
        ' -a ',
        ' -u ',
        '=',
        ':',
        '://',
        '@',
        '/',
        '.',
        ' ',
        '  ',
      ],
      ...[
        '"',
        "'",
        ',',
        ';',
        'sshpass',
        'mysql',
        'redis-cli',
        'curl',
        'a1',
        'x',
        `${'b2'.repeat(16)}`,
        '[redacted]',
        '\\',
      ],
    );
    const line = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(line, (text) => {
        expect(redacted(redacted(text))).toBe(redacted(text));
      }),
      { numRuns: 3000 },
    );
  });

  // What grows with the square of the length takes minutes at this one; a line that is shown has a kilobyte.
  test.each([
    ...[
      'auth',
      '-auth',
      '--auth ',
      'token=',
      'token = ',
      'token="',
      `token='"`,
      'mysql -p',
      'sshpass',
      '-p ',
      'curl -u',
    ],
    ...[
      'curl',
      '-u',
      'u',
      '=',
      'curl -u=',
      '://',
      'x://@',
      '@',
      'a1',
      'a',
      '+a',
      '=a=',
      '+a1.',
      '- ',
      ' ',
      '.',
      'a-',
      'redis-cli -a',
    ],
  ])('a hostile line of %j takes time in proportion to its length', (piece) => {
    const started = performance.now();
    for (const start of ['', 'token', '--auth', 'curl -', 'a']) {
      redacted(start + piece.repeat((256 * 1024) / piece.length));
      redacted(`${start + piece.repeat((256 * 1024) / piece.length)} -`);
    }
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
