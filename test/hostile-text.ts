/** Text as a hostile host would send it, and what must never come out of an encoder because of it. */
import fc from 'fast-check';
import type { VisitedHost } from '../runner/report.ts';
import { python, saturatedHost, sda } from './findings.ts';

/** Each one does something to a terminal, a log or a reader when it is printed as it is. */
export const HOSTILE_TEXTS = [
  '\u001b[2J\u001b[H\u001b[31mroot#\u001b[0m',
  '\u001b]0;title\u0007',
  '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\',
  '\u001bP+q544e\u001b\\',
  '\u009b2J\u009d0;x\u009c',
  'a\rhealthy\b\b\b\u007f\u0000',
  'one\ntwo\u0085three\u2028four\u2029five\u000bsix\u000cseven',
  'gpj.\u202Eexe\u202C\u2066x\u2069\u061c\u200e\u200f',
  'zero\u200bwidth\u200c\u200d\u2060\ufeff\u00ad\u034f\u115f\u3164\uffa0\u180e',
  'tag\u{e0041}\u{e007f}',
  `z${'\u0301\u0489\u20dd'.repeat(40)}`,
  '\u0301starts with a mark',
  '\ud800lone\udc00',
  'private\ue000\u{10ffff}',
  'blank\u00a0\u2003\u3000\u1680',
  '<img src=x onerror=alert(1)> <!channel> =cmd|calc `id` $(id)',
  '__proto__',
  '漢字のファイル名',
  '한글',
  '👩‍👩‍👧‍👦🏳️‍🌈🇩🇪',
  'x'.repeat(1500),
] as const;

/** Anything a host could send: known tricks, single code units, and mixtures. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0xffff }),
        fc.integer({ min: 0, max: 0x9f }),
        fc.integer({ min: 0x2000, max: 0x206f }),
      ),
    )
    .map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...HOSTILE_TEXTS), { maxLength: 3 }).map((texts) => texts.join('')),
);

/** Characters that are never to be shown raw; the line feed that separates our own lines is judged apart. */
export const NEVER_RAW =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Me}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/u;

/** The case, with the text wherever a host's text can stand. */
export function hostileHost(text: string): VisitedHost {
  return saturatedHost(text, {
    summary: text,
    kernel: text,
    limits: [text, 'plain'],
    explanations: [{ kind: text, summary: text, evidence: [text] }],
    failure: { phase: 'sample', kind: 'ended-early', message: `it ended: ${text}` },
    disks: [
      {
        ...sda,
        device: text,
        model: text,
        stack: [text],
        mountpoints: [text],
        carriers: [{ pid: 1, command: text, why: text }],
        victims: [{ pid: 2, command: text, why: text }],
        culprits: [
          {
            ...python,
            command: text,
            program: text,
            commandLine: text,
            user: text,
            unit: text,
            container: text,
            parent: { pid: 1, command: text },
            files: [
              { path: text, deleted: true },
              { path: text, deleted: false },
            ],
            evidence: [text],
            advice: text,
          },
        ],
      },
      { ...sda, device: `${text}2`, verdict: 'healthy', model: text },
    ],
  });
}
