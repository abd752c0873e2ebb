// Parts of PromQL that the panels have in common.

/** Label matchers by how much of the fleet a dashboard shows. */
export const FLEET = 'job=~"$job", instance=~"$instance"';
export const HOST = 'job="$job", instance="$instance"';
export const TASK = `${HOST}, task="$task"`;

/** The series of a metric: series('m', HOST, 'mode="user"'). */
export function series(metric: string, ...matchers: string[]): string {
  return `${metric}{${matchers.join(', ')}}`;
}

/** How much a counter grows per second. */
export function rate(metric: string, ...matchers: string[]): string {
  return `rate(${series(metric, ...matchers)}[$__rate_interval])`;
}

/**
 * How much a counter has grown in the time that the dashboard shows. Rounded, since
 * Prometheus estimates what was before its first sample of that time.
 */
export function increase(metric: string, ...matchers: string[]): string {
  return `round(increase(${series(metric, ...matchers)}[$__range]))`;
}

export function sumBy(labels: string, expression: string): string {
  return `sum by (${labels}) (${expression})`;
}

/** The ten highest: a host may have thousands of tasks. */
export function top(expression: string): string {
  return `topk(10, ${expression})`;
}

/**
 * Of the periods in which something wanted to run, the part in which its CPU
 * limit held it back; `of` is "task", "group" or "cgroup".
 */
export function throttledShare(of: string, ...matchers: string[]): string {
  const throttled = rate(`reeve_${of}_cpu_cfs_throttled_periods_total`, ...matchers);
  const periods = rate(`reeve_${of}_cpu_cfs_periods_total`, ...matchers);
  return `${throttled} / (${periods} > 0)`;
}
