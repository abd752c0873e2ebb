import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { board } from '../board';
import { HOST_OF_SERIES, TASK_OF_SERIES } from '../links';
import { UID } from '../names';
import { chart, single } from '../panels';
import { FLEET, increase, rate, series, sumBy, throttledShare, top } from '../promql';
import { manyHosts } from '../variables';
import {
  busiestTasks,
  topCpu,
  topMemory,
  topMemoryShare,
  topPressure,
  topThrottled,
  topThrottledTime,
} from './task_panels';

const TASK_LEGEND = '{{task}} on {{instance}}';
const GROUP_LEGEND = '{{task_group}} on {{instance}}';

function atAGlance() {
  return [
    single({
      title: 'Agents up',
      description: 'Agents that Prometheus reaches.',
      unit: 'short',
      width: 4,
      expr: `sum(${series('up', FLEET)})`,
    }),
    single({
      title: 'Agents down',
      description: 'Agents that Prometheus knows and does not reach.',
      unit: 'short',
      width: 4,
      alarm: 1,
      expr: `count(${series('up', FLEET)}) - sum(${series('up', FLEET)})`,
    }),
    single({
      title: 'Tasks running',
      description: 'Tasks that run now.',
      unit: 'short',
      width: 4,
      expr: `sum(${series('reeve_tasks', FLEET, 'state="running"')})`,
    }),
    single({
      title: 'Tasks throttled',
      description: 'Tasks that are held back by their CPU limit in more than a quarter of the periods.',
      unit: 'short',
      width: 4,
      warn: 1,
      otherwise: 'none',
      expr: `count(${throttledShare('task', FLEET)} > 0.25)`,
    }),
    single({
      title: 'OOM kills of tasks',
      description: 'Times that the kernel killed processes of a task for want of memory, in the time that is shown.',
      unit: 'short',
      width: 4,
      alarm: 1,
      expr: `sum(${increase('reeve_events_total', FLEET, 'type="oom_kill"')})`,
    }),
    single({
      title: 'Hosts with limits not enforced',
      description: 'Hosts on which some limits cannot be enforced as they should: see `reeve doctor` there.',
      unit: 'short',
      width: 4,
      alarm: 1,
      otherwise: 'none',
      expr: `count(count by (instance) (${series('reeve_enforcement_degraded', FLEET)}))`,
    }),
  ];
}

function groups() {
  return [
    chart({
      title: 'Groups: CPU',
      description: 'CPU time per second, in cores, of the ten busiest groups: of their tasks together.',
      unit: 'suffix: cores',
      width: 12,
      queries: [{ expr: top(rate('reeve_group_cpu_usage_seconds_total', FLEET)), legend: GROUP_LEGEND }],
    }),
    chart({
      title: 'Groups: throttled',
      description:
        'Of the periods of its CPU limit in which something of a group wanted to run, the part in which the group ' +
        'had used the limit up. The ten highest.',
      unit: 'percentunit',
      width: 12,
      max: 1,
      warn: 0.1,
      alarm: 0.25,
      queries: [{ expr: top(throttledShare('group', FLEET)), legend: GROUP_LEGEND }],
    }),
    chart({
      title: 'Groups: memory',
      description: 'Working set of the ten largest groups.',
      unit: 'bytes',
      width: 12,
      queries: [{ expr: top(series('reeve_group_memory_working_set_bytes', FLEET)), legend: GROUP_LEGEND }],
    }),
    chart({
      title: 'Groups: tasks',
      description: 'Tasks of each group; the ten largest.',
      unit: 'short',
      width: 12,
      queries: [
        {
          expr: top(`count by (job, instance, task_group) (${series('reeve_task_info', FLEET, 'task_group!=""')})`),
          legend: GROUP_LEGEND,
        },
      ],
    }),
  ];
}

function trouble() {
  return [
    chart({
      title: 'OOM kills',
      description: 'Processes of tasks per second that the kernel killed for want of memory. The ten highest.',
      unit: 'ops',
      width: 12,
      links: [TASK_OF_SERIES, HOST_OF_SERIES],
      queries: [{ expr: top(rate('reeve_task_memory_oom_kills_total', FLEET)), legend: TASK_LEGEND }],
    }),
    chart({
      title: 'Ends of tasks',
      description: 'Tasks per second that ended, by how: exit code 0, another code, a signal, out of memory.',
      unit: 'ops',
      width: 12,
      queries: [{ expr: sumBy('reason', rate('reeve_task_exits_total', FLEET)), legend: '{{reason}}' }],
    }),
    chart({
      title: 'Restarts',
      description: 'Times per second that tasks were started anew by their restart policy. The ten highest.',
      unit: 'ops',
      width: 12,
      links: [TASK_OF_SERIES, HOST_OF_SERIES],
      queries: [{ expr: top(rate('reeve_task_restarts_total', FLEET)), legend: TASK_LEGEND }],
    }),
  ];
}

function hosts() {
  return [
    chart({
      title: 'Hosts: CPU',
      description: 'Of the CPUs of a host, the part that is not idle. The ten busiest. Needs --collector.host.',
      unit: 'percentunit',
      width: 8,
      max: 1,
      links: [HOST_OF_SERIES],
      queries: [
        {
          expr: top(
            `1 - ${rate('reeve_host_cpu_seconds_total', FLEET, 'mode="idle"')} / ` +
              `ignoring (mode) ${series('reeve_host_cpus', FLEET)}`,
          ),
          legend: '{{instance}}',
        },
      ],
    }),
    chart({
      title: 'Hosts: memory',
      description:
        'Of the memory of a host, the part that could not be had without swapping. The ten highest. Needs ' +
        '--collector.host.',
      unit: 'percentunit',
      width: 8,
      max: 1,
      links: [HOST_OF_SERIES],
      queries: [
        {
          expr: top(
            `1 - ${series('reeve_host_memory_available_bytes', FLEET)} / ` +
              `${series('reeve_host_memory_total_bytes', FLEET)}`,
          ),
          legend: '{{instance}}',
        },
      ],
    }),
    chart({
      title: 'Hosts: tasks running',
      description: 'The ten hosts with the most tasks.',
      unit: 'short',
      width: 8,
      links: [HOST_OF_SERIES],
      queries: [{ expr: top(series('reeve_tasks', FLEET, 'state="running"')), legend: '{{instance}}' }],
    }),
  ];
}

/** All machines: where it hurts. */
export function fleet(): dashboard.Dashboard {
  return board({
    uid: UID.fleet,
    title: 'reeve / Fleet',
    description: 'All machines together: which tasks, groups and hosts are held back, wait, or run out of memory.',
    variables: manyHosts(),
    rows: [
      { title: 'At a glance', panels: atAGlance() },
      {
        title: 'CPU',
        panels: [
          topThrottled(FLEET, TASK_LEGEND),
          topThrottledTime(FLEET, TASK_LEGEND),
          topCpu(FLEET, TASK_LEGEND),
          topMemory(FLEET, TASK_LEGEND),
        ],
      },
      {
        title: 'Memory and trouble',
        panels: [topMemoryShare(FLEET, TASK_LEGEND), ...trouble()],
      },
      {
        title: 'Pressure (--collector.pressure)',
        panels: [
          topPressure('cpu', 'a CPU', FLEET, TASK_LEGEND),
          topPressure('memory', 'memory', FLEET, TASK_LEGEND),
          topPressure('io', 'a device', FLEET, TASK_LEGEND),
        ],
      },
      { title: 'Groups', panels: groups() },
      { title: 'Hosts', panels: hosts() },
      { title: 'Tasks', panels: [busiestTasks(FLEET, ['job'])] },
    ],
  });
}
