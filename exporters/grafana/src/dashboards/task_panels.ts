// Panels on tasks that more than one dashboard has.

import * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { HOST_OF_SERIES, TASK_OF_ROW, TASK_OF_SERIES } from '../links';
import { chart, values } from '../panels';
import { rate, series, sumBy, throttledShare, top } from '../promql';

type Panel = cog.Builder<dashboard.Panel>;

const LINKS = [TASK_OF_SERIES, HOST_OF_SERIES];

/** The ten tasks that use the most CPU time, with what they may and do use. */
export function busiestTasks(matchers: string, hidden: string[]): Panel {
  const labels = 'job, instance, task';
  const busiest = top(sumBy(labels, rate('reeve_task_cpu_usage_seconds_total', matchers)));
  const ofThose = (expression: string) => `${sumBy(labels, expression)} and on (${labels}) ${busiest}`;
  return values({
    title: 'Busiest tasks',
    description:
      'The ten tasks that use the most CPU time, with their limits. Empty fields: no such limit. ' +
      'Click a task to see it in depth.',
    width: 24,
    rows: ['job', 'instance', 'task'],
    hidden,
    links: { task: TASK_OF_ROW },
    columns: [
      { title: 'CPU used', expr: busiest, unit: 'suffix: cores' },
      { title: 'CPU limit', expr: ofThose(series('reeve_task_cpu_limit_cores', matchers)), unit: 'suffix: cores' },
      {
        title: 'Periods throttled',
        expr: ofThose(throttledShare('task', matchers)),
        unit: 'percentunit',
        warn: 0.1,
        alarm: 0.25,
      },
      { title: 'Memory', expr: ofThose(series('reeve_task_memory_usage_bytes', matchers)), unit: 'bytes' },
      { title: 'Memory limit', expr: ofThose(series('reeve_task_memory_limit_bytes', matchers)), unit: 'bytes' },
      { title: 'Threads', expr: ofThose(series('reeve_task_threads', matchers)), unit: 'short' },
    ],
  });
}

export function topCpu(matchers: string, legend: string): Panel {
  return chart({
    title: 'Top tasks by CPU',
    description: 'CPU time used per second, in cores, of the ten busiest tasks.',
    unit: 'suffix: cores',
    width: 12,
    links: LINKS,
    queries: [{ expr: top(rate('reeve_task_cpu_usage_seconds_total', matchers)), legend }],
  });
}

export function topThrottled(matchers: string, legend: string): Panel {
  return chart({
    title: 'Top throttled tasks',
    description:
      'Of the periods of its CPU limit in which a task wanted to run, the part in which it had used the limit up ' +
      'and had to wait. The ten highest; tasks without a limit are not there.',
    unit: 'percentunit',
    width: 12,
    max: 1,
    warn: 0.1,
    alarm: 0.25,
    links: LINKS,
    queries: [{ expr: top(throttledShare('task', matchers)), legend }],
  });
}

export function topThrottledTime(matchers: string, legend: string): Panel {
  return chart({
    title: 'Top tasks by time throttled',
    description:
      'Time per second that tasks waited because their CPU limit was used up, added up over the CPUs: what ' +
      'throttling costs them. The ten highest.',
    unit: 's',
    width: 12,
    links: LINKS,
    queries: [{ expr: top(rate('reeve_task_cpu_cfs_throttled_seconds_total', matchers)), legend }],
  });
}

export function topMemory(matchers: string, legend: string): Panel {
  return chart({
    title: 'Top tasks by memory',
    description: 'Memory without page cache that has not been used lately (working set), of the ten largest tasks.',
    unit: 'bytes',
    width: 12,
    links: LINKS,
    queries: [{ expr: top(series('reeve_task_memory_working_set_bytes', matchers)), legend }],
  });
}

export function topMemoryShare(matchers: string, legend: string): Panel {
  return chart({
    title: 'Nearest to the memory limit',
    description:
      'Memory that no file backs, as a part of the limit: page cache can go, this cannot. The kernel kills a ' +
      'process of a task that needs more than its limit. The ten highest; tasks without a limit are not there.',
    unit: 'percentunit',
    width: 12,
    max: 1,
    warn: 0.8,
    alarm: 0.9,
    links: LINKS,
    queries: [
      {
        expr: top(
          `${series('reeve_task_memory_anon_bytes', matchers)} / ${series('reeve_task_memory_limit_bytes', matchers)}`,
        ),
        legend,
      },
    ],
  });
}

/** `resource` is cpu, memory or io; `what` the thing that is waited for. */
export function topPressure(resource: string, what: string, matchers: string, legend: string): Panel {
  return chart({
    title: `Top tasks that wait for ${what}`,
    description:
      `The part of the time in which something of the task waited for ${what} (pressure). The ten highest. ` +
      'Needs --collector.pressure.',
    unit: 'percentunit',
    width: 8,
    max: 1,
    links: LINKS,
    queries: [{ expr: top(rate(`reeve_task_pressure_${resource}_waiting_seconds_total`, matchers)), legend }],
  });
}
