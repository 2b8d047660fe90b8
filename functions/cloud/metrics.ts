/** The metrics of the functions: lines of the log that CloudWatch counts (Embedded Metric Format), through Powertools. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** The closed list, each with what it counts. Namespace `whodisk`, dimensions `service` (whodisk) and `stage`. */
export const METRICS = {
  SweepComplete: 'sweeps that ended with all that was asked for',
  SweepIncomplete: 'sweeps that were closed although hosts had been lost',
  HostsNotSwept: 'hosts of the sweeps that ended of which nothing is known',
  DeadLetter: 'messages that failed each time they were delivered',
  ConfigStale:
    'times that the configuration as it is kept does not count: it cannot be read, so the last one does, or not be used',
} as const;
export type MetricName = keyof typeof METRICS;

/** Adds to a metric, at once. */
export type Count = (name: MetricName, value?: number) => void;

export function cloudMetrics(stage: string): Count {
  // The same for all functions, so that an alarm is on one metric whichever of them counted.
  const metrics = new Metrics({ namespace: 'whodisk', serviceName: 'whodisk', defaultDimensions: { stage } });
  return (name, value = 1) => {
    metrics.singleMetric().addMetric(name, MetricUnit.Count, value);
  };
}
