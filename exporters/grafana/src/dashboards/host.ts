import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { board } from '../board';
import { UID } from '../names';
import { chart, single, values } from '../panels';
import { HOST, increase, rate, series, sumBy } from '../promql';
import { oneHost } from '../variables';
import { busiestTasks, topCpu, topMemory, topMemoryShare, topThrottled } from './task_panels';

const TASK_LEGEND = '{{task}}';

const idle = rate('reeve_host_cpu_seconds_total', HOST, 'mode="idle"');
const memoryTotal = series('reeve_host_memory_total_bytes', HOST);
const diskOf = (metric: string, op: string) => rate(metric, HOST, `op="${op}"`);

function atAGlance() {
  return [
    single({
      title: 'Agent',
      description: 'Whether Prometheus reaches the agent.',
      unit: 'none',
      width: 3,
      expr: series('up', HOST),
      lowIsBad: true,
      warn: 1,
      texts: { '0': { text: 'down', color: 'red' }, '1': { text: 'up', color: 'green' } },
    }),
    single({
      title: 'Version',
      description: 'The version of the agent.',
      unit: 'none',
      width: 3,
      expr: series('reeve_build_info', HOST),
      label: 'version',
    }),
    single({
      title: 'Tasks running',
      description: 'Tasks that run now.',
      unit: 'short',
      width: 3,
      expr: series('reeve_tasks', HOST, 'state="running"'),
    }),
    single({
      title: 'CPU used',
      description: 'Of all CPUs together, the part that is not idle. Needs --collector.host.',
      unit: 'percentunit',
      width: 3,
      warn: 0.8,
      alarm: 0.95,
      expr: `1 - ${idle} / ignoring (mode) ${series('reeve_host_cpus', HOST)}`,
    }),
    single({
      title: 'Memory used',
      description: 'Of all memory, the part that could not be had without swapping. Needs --collector.host.',
      unit: 'percentunit',
      width: 3,
      warn: 0.8,
      alarm: 0.95,
      expr: `1 - ${series('reeve_host_memory_available_bytes', HOST)} / ${memoryTotal}`,
    }),
    single({
      title: 'OOM kills of tasks',
      description: 'Times that the kernel killed processes of a task for want of memory, in the time that is shown.',
      unit: 'short',
      width: 3,
      alarm: 1,
      expr: increase('reeve_events_total', HOST, 'type="oom_kill"'),
    }),
    single({
      title: 'Age of samples',
      description: 'Time since the sampling round that the agent serves. It should be about --sample-interval.',
      unit: 's',
      width: 3,
      warn: 10,
      alarm: 60,
      expr: series('reeve_samples_age_seconds', HOST),
    }),
    single({
      title: 'Limits not enforced',
      description: 'cgroup controllers whose limits this agent cannot enforce as it should: see `reeve doctor`.',
      unit: 'short',
      width: 3,
      alarm: 1,
      otherwise: 'none',
      expr: `count(${series('reeve_enforcement_degraded', HOST)})`,
    }),
  ];
}

function tasks() {
  return [
    busiestTasks(HOST, ['job', 'instance']),
    topThrottled(HOST, TASK_LEGEND),
    topCpu(HOST, TASK_LEGEND),
    topMemoryShare(HOST, TASK_LEGEND),
    topMemory(HOST, TASK_LEGEND),
    chart({
      title: 'Tasks by state',
      description: 'Tasks that the agent knows.',
      unit: 'short',
      width: 8,
      stacked: true,
      queries: [{ expr: series('reeve_tasks', HOST), legend: '{{state}}' }],
    }),
    chart({
      title: 'Starts and ends',
      description: 'Launches per second by result, and tasks that ended per second by how they did.',
      unit: 'ops',
      width: 8,
      queries: [
        { expr: rate('reeve_task_launches_total', HOST), legend: 'launch: {{result}}' },
        { expr: rate('reeve_task_exits_total', HOST), legend: 'exit: {{reason}}' },
      ],
    }),
    chart({
      title: 'Events',
      description: 'What happened to tasks and groups per second, as `reeve events` shows it.',
      unit: 'ops',
      width: 8,
      queries: [{ expr: `${rate('reeve_events_total', HOST)} > 0`, legend: '{{type}}' }],
    }),
  ];
}

function processors() {
  return [
    chart({
      title: 'CPU by mode',
      description: 'What the CPUs spend their time in, as a part of all of them. The rest is idle.',
      unit: 'percentunit',
      width: 12,
      stacked: true,
      max: 1,
      queries: [
        {
          expr:
            `${rate('reeve_host_cpu_seconds_total', HOST, 'mode!="idle"')} / ` +
            `ignoring (mode) group_left () ${series('reeve_host_cpus', HOST)}`,
          legend: '{{mode}}',
        },
      ],
    }),
    chart({
      title: 'Load',
      description:
        'Threads that ran, could have run or waited for a device, on average over 1, 5 and 15 minutes. Above the ' +
        'number of CPUs some have to wait.',
      unit: 'short',
      width: 6,
      limits: ['CPUs'],
      queries: [
        { expr: series('reeve_host_load1', HOST), legend: '1 minute' },
        { expr: series('reeve_host_load5', HOST), legend: '5 minutes' },
        { expr: series('reeve_host_load15', HOST), legend: '15 minutes' },
        { expr: series('reeve_host_cpus', HOST), legend: 'CPUs' },
      ],
    }),
    chart({
      title: 'Pressure',
      description:
        'The part of the time in which some thread of the machine waited for a CPU, memory or a device; stalled: in ' +
        'which all that had something to do did.',
      unit: 'percentunit',
      width: 6,
      queries: [
        { expr: rate('reeve_host_pressure_cpu_waiting_seconds_total', HOST), legend: 'CPU waiting' },
        { expr: rate('reeve_host_pressure_memory_waiting_seconds_total', HOST), legend: 'memory waiting' },
        { expr: rate('reeve_host_pressure_memory_stalled_seconds_total', HOST), legend: 'memory stalled' },
        { expr: rate('reeve_host_pressure_io_waiting_seconds_total', HOST), legend: 'I/O waiting' },
        { expr: rate('reeve_host_pressure_io_stalled_seconds_total', HOST), legend: 'I/O stalled' },
      ],
    }),
  ];
}

function memory() {
  return [
    chart({
      title: 'Memory by use',
      description: 'What the memory of the machine is used for.',
      unit: 'bytes',
      width: 12,
      stacked: true,
      limits: ['total'],
      queries: [
        { expr: series('reeve_host_memory_anon_bytes', HOST), legend: 'processes' },
        { expr: series('reeve_host_memory_slab_unreclaimable_bytes', HOST), legend: 'kernel' },
        { expr: series('reeve_host_memory_slab_reclaimable_bytes', HOST), legend: 'kernel, reclaimable' },
        {
          expr: `${series('reeve_host_memory_cached_bytes', HOST)} + ${series('reeve_host_memory_buffers_bytes', HOST)}`,
          legend: 'page cache',
        },
        { expr: series('reeve_host_memory_free_bytes', HOST), legend: 'free' },
        { expr: memoryTotal, legend: 'total' },
      ],
    }),
    chart({
      title: 'Swap',
      description: 'Swap in use, of all there is.',
      unit: 'bytes',
      width: 6,
      limits: ['total'],
      queries: [
        {
          expr: `${series('reeve_host_swap_total_bytes', HOST)} - ${series('reeve_host_swap_free_bytes', HOST)}`,
          legend: 'used',
        },
        { expr: series('reeve_host_swap_total_bytes', HOST), legend: 'total' },
      ],
    }),
    chart({
      title: 'Want of memory',
      description:
        'Page faults per second that had to wait for a device, and processes per second that the kernel killed for ' +
        'want of memory.',
      unit: 'ops',
      width: 6,
      queries: [
        { expr: rate('reeve_host_memory_major_faults_total', HOST), legend: 'major faults' },
        { expr: rate('reeve_host_memory_oom_kills_total', HOST), legend: 'OOM kills' },
      ],
    }),
  ];
}

function devices() {
  return [
    chart({
      title: 'Disks: bytes',
      description: 'Bytes per second that were read and written.',
      unit: 'binBps',
      width: 8,
      queries: [
        { expr: diskOf('reeve_host_disk_bytes_total', 'read'), legend: '{{device}} read' },
        { expr: diskOf('reeve_host_disk_bytes_total', 'write'), legend: '{{device}} write' },
      ],
    }),
    chart({
      title: 'Disks: busy',
      description: 'The part of the time in which a disk had something to do.',
      unit: 'percentunit',
      width: 8,
      max: 1,
      queries: [{ expr: rate('reeve_host_disk_busy_seconds_total', HOST), legend: '{{device}}' }],
    }),
    chart({
      title: 'Disks: time of a request',
      description: 'How long requests took on average.',
      unit: 's',
      width: 8,
      queries: [
        {
          expr:
            `${rate('reeve_host_disk_operation_seconds_total', HOST)} / ` +
            `(${rate('reeve_host_disk_operations_total', HOST)} > 0)`,
          legend: '{{device}} {{op}}',
        },
      ],
    }),
    chart({
      title: 'Network: bytes',
      description: 'Bytes per second of the interfaces that carry the traffic of the machine.',
      unit: 'binBps',
      width: 8,
      queries: [
        { expr: rate('reeve_host_network_receive_bytes_total', HOST), legend: '{{device}} received' },
        { expr: rate('reeve_host_network_transmit_bytes_total', HOST), legend: '{{device}} sent' },
      ],
    }),
    chart({
      title: 'Network: lost packets',
      description: 'Packets per second that were damaged or dropped.',
      unit: 'pps',
      width: 8,
      queries: [
        { expr: rate('reeve_host_network_receive_errors_total', HOST), legend: '{{device}} received, damaged' },
        { expr: rate('reeve_host_network_receive_drop_total', HOST), legend: '{{device}} received, dropped' },
        { expr: rate('reeve_host_network_transmit_errors_total', HOST), legend: '{{device}} not sent' },
        { expr: rate('reeve_host_network_transmit_drop_total', HOST), legend: '{{device}} dropped before sent' },
      ],
    }),
    chart({
      title: 'File systems: full',
      description:
        'The part of each file system that others than root cannot have any more. Needs --collector.filesystems.',
      unit: 'percentunit',
      width: 8,
      max: 1,
      warn: 0.8,
      alarm: 0.95,
      queries: [
        {
          expr:
            `1 - ${series('reeve_host_filesystem_available_bytes', HOST)} / ` +
            `${series('reeve_host_filesystem_size_bytes', HOST)}`,
          legend: '{{mountpoint}}',
        },
      ],
    }),
  ];
}

function orders() {
  return [
    single({
      title: 'Task files',
      description: 'Files of --tasks-dir that are applied.',
      unit: 'short',
      width: 4,
      otherwise: 'none',
      expr: series('reeve_task_files', HOST, 'state="applied"'),
    }),
    single({
      title: 'Not applied',
      description: 'Files of --tasks-dir that are not applied. Their tasks are as they were.',
      unit: 'short',
      width: 4,
      alarm: 1,
      otherwise: 'none',
      expr: series('reeve_task_files', HOST, 'state="failed"'),
    }),
    single({
      title: 'Failed tasks of files',
      description: 'Tasks that files want, and that have failed and are not started again.',
      unit: 'short',
      width: 4,
      alarm: 1,
      otherwise: 'none',
      expr: `count(${series('reeve_task_file_task_failed', HOST)})`,
    }),
    single({
      title: 'Rules that act',
      description: 'Rules of --policy that change limits and stop tasks.',
      unit: 'short',
      width: 4,
      otherwise: 'none',
      expr: series('reeve_policy_rules', HOST, 'mode="active"'),
    }),
    single({
      title: 'Rules that only say so',
      description: 'Rules of --policy that only say what they would do.',
      unit: 'short',
      width: 4,
      otherwise: 'none',
      expr: series('reeve_policy_rules', HOST, 'mode="dry_run"'),
    }),
    single({
      title: 'Policy file',
      description: 'Whether the policy in force is that of the file as it is now.',
      unit: 'none',
      width: 4,
      lowIsBad: true,
      warn: 1,
      otherwise: 'none',
      texts: { '0': { text: 'refused', color: 'red' }, '1': { text: 'in force', color: 'green' } },
      expr: series('reeve_policy_reload_success', HOST),
    }),
    values({
      title: 'Task files with trouble',
      description: 'Files of --tasks-dir that are not applied, and why; and those whose task has failed for good.',
      width: 12,
      rows: ['file', 'reason', 'task'],
      columns: [
        {
          title: 'Not applied',
          expr: sumBy('file, reason', series('reeve_task_file_failed', HOST)),
          unit: 'none',
          alarm: 1,
        },
        {
          title: 'Task is down',
          expr: sumBy('file, task', series('reeve_task_file_task_failed', HOST)),
          unit: 'none',
          alarm: 1,
        },
      ],
    }),
    chart({
      title: 'What the policy did',
      description: 'How often rules of --policy acted or would have, in the time that is shown, by what came of it.',
      unit: 'short',
      width: 12,
      queries: [
        {
          expr: `${increase('reeve_policy_actions_total', HOST)} > 0`,
          legend: '{{rule}}: {{action}}, {{result}}',
        },
      ],
    }),
  ];
}

function agent() {
  const quantile = (share: number, metric: string) =>
    `histogram_quantile(${share}, ${sumBy('le', rate(`${metric}_bucket`, HOST))})`;
  return [
    chart({
      title: 'Agent: CPU',
      description: 'CPU time per second that the agent itself uses, in cores.',
      unit: 'suffix: cores',
      width: 6,
      queries: [{ expr: rate('process_cpu_seconds_total', HOST), legend: 'agent' }],
    }),
    chart({
      title: 'Agent: memory',
      description: 'Resident memory of the agent.',
      unit: 'bytes',
      width: 6,
      queries: [{ expr: series('process_resident_memory_bytes', HOST), legend: 'agent' }],
    }),
    chart({
      title: 'Agent: time of a sampling round',
      description: 'How long it takes to sample every task.',
      unit: 's',
      width: 6,
      queries: [
        { expr: quantile(0.5, 'reeve_sampling_round_duration_seconds'), legend: 'half of them' },
        { expr: quantile(0.99, 'reeve_sampling_round_duration_seconds'), legend: '99 %' },
      ],
    }),
    chart({
      title: 'Agent: time of a launch',
      description: 'How long launches take, from the request to the program running.',
      unit: 's',
      width: 6,
      queries: [
        { expr: quantile(0.5, 'reeve_task_launch_duration_seconds'), legend: 'half of them' },
        { expr: quantile(0.99, 'reeve_task_launch_duration_seconds'), legend: '99 %' },
      ],
    }),
    chart({
      title: 'Agent: what it could not read',
      description: 'Kernel files per second that could not be read or understood, and rounds left out for want of time.',
      unit: 'ops',
      width: 12,
      queries: [
        { expr: sumBy('instance', rate('reeve_collector_errors_total', HOST)), legend: 'errors in all' },
        {
          expr: `${sumBy('collector', rate('reeve_collector_errors_total', HOST))} > 0`,
          legend: 'errors: {{collector}}',
        },
        { expr: rate('reeve_sampling_rounds_missed_total', HOST), legend: 'sampling rounds missed' },
        { expr: `${rate('reeve_collector_rounds_missed_total', HOST)} > 0`, legend: 'rounds missed: {{collector}}' },
      ],
    }),
    chart({
      title: 'Agent: HTTP answers',
      description: 'Answers per second by status.',
      unit: 'ops',
      width: 12,
      queries: [{ expr: `${sumBy('code', rate('reeve_http_requests_total', HOST))} > 0`, legend: '{{code}}' }],
    }),
  ];
}

/** One machine: its agent, its tasks, and the machine itself. */
export function host(): dashboard.Dashboard {
  return board({
    uid: UID.host,
    title: 'reeve / Host',
    description: 'One machine: its tasks, its CPUs, memory and devices, and its agent.',
    variables: oneHost(),
    rows: [
      { title: 'At a glance', panels: atAGlance() },
      { title: 'Tasks', panels: tasks() },
      { title: 'CPUs (--collector.host)', panels: processors() },
      { title: 'Memory (--collector.host)', panels: memory() },
      { title: 'Devices (--collector.host, --collector.filesystems)', panels: devices() },
      { title: 'Task files and policy (--tasks-dir, --policy)', panels: orders() },
      { title: 'Agent', panels: agent() },
    ],
  });
}
