import * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { board } from '../board';
import { UID } from '../names';
import { chart, single, values } from '../panels';
import { TASK, rate, series, sumBy, throttledShare, top } from '../promql';
import { DATA_SOURCE, labelValues, oneHost } from '../variables';

const limit = {
  cores: series('reeve_task_cpu_limit_cores', TASK),
  bytes: series('reeve_task_memory_limit_bytes', TASK),
  threads: series('reeve_task_threads_limit', TASK),
};
const cpuUsed = rate('reeve_task_cpu_usage_seconds_total', TASK);
const memoryUsed = series('reeve_task_memory_usage_bytes', TASK);
const anon = series('reeve_task_memory_anon_bytes', TASK);

function annotation(name: string, color: string, expr: string, text: string): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .titleFormat(name)
    .textFormat(text);
}

function changed(metric: string): string {
  return `changes(${series(metric, TASK)}[$__rate_interval]) > 0`;
}

function annotations(): cog.Builder<dashboard.AnnotationQuery>[] {
  return [
    annotation(
      'Start',
      'green',
      `${series('reeve_task_start_time_seconds', TASK)} * 1000`,
      'Task {{task}} was started.',
    ).useValueForTime(true),
    annotation(
      'Limit changed',
      'blue',
      [
        'reeve_task_cpu_limit_cores',
        'reeve_task_cpu_shares',
        'reeve_task_memory_limit_bytes',
        'reeve_task_threads_limit',
      ]
        .map(changed)
        .join(' or '),
      'A limit of task {{task}} was changed.',
    ),
    annotation(
      'OOM kill',
      'red',
      changed('reeve_task_memory_oom_kills_total'),
      'The kernel killed a process of task {{task}} for want of memory.',
    ),
    annotation('Restart', 'orange', changed('reeve_task_restarts_total'), 'Task {{task}} was started anew.'),
  ];
}

function atAGlance() {
  return [
    single({
      title: 'Since',
      description: 'When the task was started.',
      unit: 'dateTimeFromNow',
      width: 4,
      expr: `${series('reeve_task_start_time_seconds', TASK)} * 1000`,
    }),
    single({
      title: 'CPU of its limit',
      description: 'CPU time used, as a part of the CPU limit.',
      unit: 'percentunit',
      width: 4,
      warn: 0.8,
      alarm: 0.95,
      otherwise: 'no limit',
      expr: `${cpuUsed} / ${limit.cores}`,
    }),
    single({
      title: 'Periods throttled',
      description:
        'Of the periods in which the task wanted to run, the part in which its CPU limit held it back.',
      unit: 'percentunit',
      width: 4,
      warn: 0.1,
      alarm: 0.25,
      otherwise: 'no limit',
      expr: throttledShare('task', TASK),
    }),
    single({
      title: 'Memory of its limit',
      description: 'Memory that no file backs, as a part of the memory limit.',
      unit: 'percentunit',
      width: 4,
      warn: 0.8,
      alarm: 0.9,
      otherwise: 'no limit',
      expr: `${anon} / ${limit.bytes}`,
    }),
    single({
      title: 'OOM kills',
      description: 'Processes of the task that the kernel killed for want of memory, since the task was started.',
      unit: 'short',
      width: 4,
      alarm: 1,
      expr: series('reeve_task_memory_oom_kills_total', TASK),
    }),
    single({
      title: 'Restarts',
      description: 'Times the task was started anew by its restart policy.',
      unit: 'short',
      width: 4,
      warn: 1,
      otherwise: 'no policy',
      expr: series('reeve_task_restarts_total', TASK),
    }),
  ];
}

function cpu() {
  return [
    chart({
      title: 'CPU against its limit',
      description:
        'CPU time used per second, in cores, and what the task may use. The peak is the highest use from one sample ' +
        'to the next in the last minute; it needs --collector.peaks.',
      unit: 'suffix: cores',
      width: 12,
      limits: ['limit'],
      queries: [
        { expr: cpuUsed, legend: '{{task}}' },
        { expr: series('reeve_task_cpu_usage_recent_peak_ratio', TASK), legend: 'peak' },
        { expr: limit.cores, legend: 'limit' },
      ],
    }),
    chart({
      title: 'CPU by mode',
      description: 'CPU time used per second in user and in kernel mode, in cores.',
      unit: 'suffix: cores',
      width: 12,
      stacked: true,
      queries: [{ expr: rate('reeve_task_cpu_seconds_total', TASK), legend: '{{mode}}' }],
    }),
    chart({
      title: 'Periods',
      description:
        'Periods of the CPU limit per second in which the task wanted to run, and those of them in which it had used ' +
        'the limit up and had to wait.',
      unit: 'cps',
      width: 8,
      queries: [
        { expr: rate('reeve_task_cpu_cfs_periods_total', TASK), legend: 'wanted to run' },
        { expr: rate('reeve_task_cpu_cfs_throttled_periods_total', TASK), legend: 'throttled' },
      ],
    }),
    chart({
      title: 'Time throttled',
      description:
        'Time per second that the task had to wait because its CPU limit was used up, added up over the CPUs.',
      unit: 's',
      width: 8,
      queries: [{ expr: rate('reeve_task_cpu_cfs_throttled_seconds_total', TASK), legend: '{{task}}' }],
    }),
    chart({
      title: 'Waiting to run',
      description:
        'Time per second that threads of the task could have run and waited for a CPU, whatever the reason. ' +
        'Needs --collector.schedstat.',
      unit: 's',
      width: 8,
      queries: [{ expr: rate('reeve_task_run_queue_wait_seconds_total', TASK), legend: '{{task}}' }],
    }),
  ];
}

function memory() {
  return [
    chart({
      title: 'Memory by kind, against its limit',
      description:
        'What the task is charged for: memory that no file backs, page cache, and memory of the kernel. Page cache ' +
        'goes when the limit is reached; the rest cannot.',
      unit: 'bytes',
      width: 12,
      stacked: true,
      limits: ['limit'],
      queries: [
        { expr: anon, legend: 'anonymous' },
        { expr: series('reeve_task_memory_kernel_bytes', TASK), legend: 'kernel' },
        { expr: series('reeve_task_memory_file_bytes', TASK), legend: 'page cache' },
        { expr: limit.bytes, legend: 'limit' },
      ],
    }),
    chart({
      title: 'Memory in all',
      description:
        'All memory charged; without page cache that has not been used lately (working set); the highest since the ' +
        'start; and what is swapped out.',
      unit: 'bytes',
      width: 12,
      limits: ['limit'],
      queries: [
        { expr: memoryUsed, legend: 'charged' },
        { expr: series('reeve_task_memory_working_set_bytes', TASK), legend: 'working set' },
        { expr: series('reeve_task_memory_peak_bytes', TASK), legend: 'highest' },
        { expr: series('reeve_task_memory_swap_bytes', TASK), legend: 'swapped out' },
        { expr: limit.bytes, legend: 'limit' },
      ],
    }),
    chart({
      title: 'Memory was short',
      description:
        'Times per second that memory was reclaimed though protected (low), the task was slowed down above its mark ' +
        '(high), was stopped at its limit (max) or ran out of memory (oom); and processes killed for it.',
      unit: 'ops',
      width: 8,
      queries: [
        { expr: rate('reeve_task_memory_events_total', TASK), legend: '{{event}}' },
        { expr: rate('reeve_task_memory_oom_kills_total', TASK), legend: 'killed' },
      ],
    }),
    chart({
      title: 'Page faults',
      description: 'Page faults per second; major ones had to wait for a device. Needs --collector.memory-stat.',
      unit: 'ops',
      width: 8,
      queries: [{ expr: rate('reeve_task_memory_page_faults_total', TASK), legend: '{{type}}' }],
    }),
    chart({
      title: 'Memory in detail',
      description:
        'What the memory is used for; types overlap. The ten largest. Needs --collector.memory-stat.',
      unit: 'bytes',
      width: 8,
      queries: [{ expr: top(series('reeve_task_memory_stat_bytes', TASK)), legend: '{{type}}' }],
    }),
  ];
}

function pressure() {
  const of = (resource: string, title: string, what: string) =>
    chart({
      title,
      description:
        `The part of the time in which some process of the task waited for ${what}; stalled: in which all that had ` +
        'something to do did.',
      unit: 'percentunit',
      width: 8,
      max: 1,
      queries: [
        { expr: rate(`reeve_task_pressure_${resource}_waiting_seconds_total`, TASK), legend: 'waiting' },
        { expr: rate(`reeve_task_pressure_${resource}_stalled_seconds_total`, TASK), legend: 'stalled' },
      ],
    });
  return [
    of('cpu', 'CPU pressure', 'a CPU'),
    of('memory', 'Memory pressure', 'memory'),
    of('io', 'I/O pressure', 'a device'),
  ];
}

function devices() {
  return [
    chart({
      title: 'Bytes of devices',
      description:
        'Bytes per second that the task read from devices and wrote to them, and what it may. On cgroup v1 without ' +
        'what is written back from the page cache. Needs --collector.io.',
      unit: 'binBps',
      width: 12,
      limits: ['limit'],
      queries: [
        { expr: rate('reeve_task_io_bytes_total', TASK), legend: '{{device}} {{op}}' },
        { expr: series('reeve_task_io_limit_bytes_per_second', TASK), legend: 'limit {{device}} {{op}}' },
      ],
    }),
    chart({
      title: 'Requests to devices',
      description: 'Reads and writes per second, and what the task may. Needs --collector.io.',
      unit: 'ops',
      width: 12,
      limits: ['limit'],
      queries: [
        { expr: rate('reeve_task_io_operations_total', TASK), legend: '{{device}} {{op}}' },
        { expr: series('reeve_task_io_limit_operations_per_second', TASK), legend: 'limit {{device}} {{op}}' },
      ],
    }),
  ];
}

function network() {
  return [
    chart({
      title: 'Network: bytes',
      description: 'Only for a task with a network of its own. Needs --collector.network.',
      unit: 'binBps',
      width: 12,
      queries: [
        { expr: rate('reeve_task_network_receive_bytes_total', TASK), legend: '{{device}} received' },
        { expr: rate('reeve_task_network_transmit_bytes_total', TASK), legend: '{{device}} sent' },
      ],
    }),
    chart({
      title: 'Network: lost packets',
      description:
        'Packets per second that were damaged or dropped. Only for a task with a network of its own. Needs ' +
        '--collector.network.',
      unit: 'pps',
      width: 12,
      queries: [
        { expr: rate('reeve_task_network_receive_errors_total', TASK), legend: '{{device}} received, damaged' },
        { expr: rate('reeve_task_network_receive_drop_total', TASK), legend: '{{device}} received, dropped' },
        { expr: rate('reeve_task_network_transmit_errors_total', TASK), legend: '{{device}} not sent' },
        { expr: rate('reeve_task_network_transmit_drop_total', TASK), legend: '{{device}} dropped before sent' },
      ],
    }),
  ];
}

function processes() {
  const largest = top(sumBy('pid, comm', series('reeve_process_resident_memory_bytes', TASK)));
  const ofLargest = (expression: string) => `(${sumBy('pid, comm', expression)} and on (pid, comm) ${largest})`;
  return [
    chart({
      title: 'Threads against their limit',
      description: 'Threads of all processes of the task, and how many it may have.',
      unit: 'short',
      width: 8,
      limits: ['limit'],
      queries: [
        { expr: series('reeve_task_threads', TASK), legend: '{{task}}' },
        { expr: limit.threads, legend: 'limit' },
      ],
    }),
    chart({
      title: 'Refused forks',
      description: 'New processes and threads per second that the limit on threads refused.',
      unit: 'ops',
      width: 8,
      queries: [{ expr: rate('reeve_task_fork_failures_total', TASK), legend: '{{task}}' }],
    }),
    chart({
      title: 'Processes by state',
      description: 'What the processes of the task do. Needs --collector.process-states.',
      unit: 'short',
      width: 8,
      stacked: true,
      queries: [{ expr: series('reeve_task_processes', TASK), legend: '{{state}}' }],
    }),
    chart({
      title: 'Programs: CPU',
      description:
        'CPU time per second, in cores, of the processes of the task by the name of their program. Needs ' +
        '--collector.processes.per-pid.',
      unit: 'suffix: cores',
      width: 8,
      queries: [{ expr: top(sumBy('comm', rate('reeve_process_cpu_seconds_total', TASK))), legend: '{{comm}}' }],
    }),
    chart({
      title: 'Programs: memory',
      description:
        'Resident memory of the processes of the task by the name of their program. What they share counts for ' +
        'each. Needs --collector.processes.per-pid.',
      unit: 'bytes',
      width: 8,
      queries: [{ expr: top(sumBy('comm', series('reeve_process_resident_memory_bytes', TASK))), legend: '{{comm}}' }],
    }),
    chart({
      title: 'Open descriptors',
      description: 'File descriptors that the processes of the task have open. Needs --collector.descriptors.',
      unit: 'short',
      width: 8,
      queries: [{ expr: series('reeve_task_open_descriptors', TASK), legend: '{{task}}' }],
    }),
    values({
      title: 'Processes now',
      description: 'The ten largest processes of the task, by resident memory. Needs --collector.processes.per-pid.',
      width: 24,
      rows: ['pid', 'comm'],
      columns: [
        { title: 'Resident memory', expr: largest, unit: 'bytes' },
        { title: 'CPU used', expr: ofLargest(rate('reeve_process_cpu_seconds_total', TASK)), unit: 'suffix: cores' },
        { title: 'Threads', expr: ofLargest(series('reeve_process_threads', TASK)), unit: 'short' },
        {
          title: 'Started',
          expr: `${ofLargest(series('reeve_process_start_time_seconds', TASK))} * 1000`,
          unit: 'dateTimeFromNow',
        },
      ],
    }),
  ];
}

/** One task in depth. */
export function task(): dashboard.Dashboard {
  return board({
    uid: UID.task,
    title: 'reeve / Task',
    description: 'One task in depth: what it uses of what it may, and what it waits for.',
    variables: [...oneHost(), labelValues('task', 'Task', 'reeve_task_info{job="$job", instance="$instance"}')],
    annotations: annotations(),
    rows: [
      { title: 'At a glance', panels: atAGlance() },
      { title: 'CPU', panels: cpu() },
      { title: 'Memory', panels: memory() },
      { title: 'Pressure (--collector.pressure)', panels: pressure() },
      { title: 'Processes and threads', panels: processes() },
      { title: 'Devices (--collector.io)', panels: devices() },
      { title: 'Network, if it has one of its own (--collector.network)', panels: network() },
    ],
  });
}
