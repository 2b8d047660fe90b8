/**
 * What is concluded of a recorded trap, and how it is shown: the first line is the conclusion, the rest is text. Only a new recording
 * makes a new conclusion; the text may be made anew at any time and never touches the conclusion. Pure.
 */
import { renderExplainPlain } from '../../../functions/render/explain.ts';
import type { VisitedHost } from '../../../runner/report.ts';
import { culpritsOf } from './judge.ts';
import type { Truth } from './trap-case.ts';

export interface Conclusion {
  readonly verdict: string;
  readonly culprits: readonly {
    readonly device: string;
    readonly pid: number | null;
    readonly command: string;
    readonly activity: string;
    readonly share: number;
  }[];
}

/** Figures may be weighed a little differently one day without anybody being blamed otherwise. */
const SHARE_TOLERANCE = 0.05;

export function conclusionOf(host: VisitedHost, truth: Truth): Conclusion {
  const disk = host.disks.find(({ device }) => device === truth.device);
  return {
    verdict: disk?.verdict ?? 'healthy',
    culprits: culpritsOf(host, truth).map(({ device, culprit: { pid, command, activity, share } }) => ({
      device,
      pid,
      command,
      activity,
      share,
    })),
  };
}

export function hasSameCulprits(a: Conclusion, b: Conclusion): boolean {
  const brief = ({ verdict, culprits }: Conclusion): string =>
    JSON.stringify([verdict, culprits.map(({ device, pid, command, activity }) => [device, pid, command, activity])]);
  return brief(a) === brief(b);
}

export function isSameConclusion(a: Conclusion, b: Conclusion): boolean {
  return (
    hasSameCulprits(a, b) &&
    a.culprits.every(({ share }, index) => Math.abs(share - (b.culprits[index]?.share ?? 0)) <= SHARE_TOLERANCE)
  );
}

/** The explanation as plain text, seen at a fixed time. */
export function textOf(host: VisitedHost): string {
  const at = '2026-01-01T00:00:00.000Z';
  const sweep = { id: 'recorded', trigger: 'cli', status: 'complete', startedAt: at, finishedAt: at } as const;
  const counted = { ...sweep, windowSeconds: 5, targets: 1, swept: 1, notSwept: 0 };
  const shown = { ...host, cost: { ...host.cost, clientMs: 0 } };
  return renderExplainPlain(shown, { sweep: counted, nowMs: Date.parse(at) });
}

export const goldenOf = (conclusion: Conclusion, text: string): string => `${JSON.stringify(conclusion)}\n${text}`;

export function parseGolden(golden: string): { readonly conclusion: Conclusion; readonly text: string } {
  const end = golden.indexOf('\n');
  return { conclusion: JSON.parse(golden.slice(0, end)) as Conclusion, text: golden.slice(end + 1) };
}
