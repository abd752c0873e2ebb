import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { board } from '../board';
import { UID } from '../names';
import { chart, single } from '../panels';
import { HOST, rate, series, throttledShare, top } from '../promql';
import { labelValues, many, oneHost } from '../variables';

const CGROUPS = `${HOST}, cgroup=~"$cgroup"`;
const LEGEND = '{{cgroup}}';

function atAGlance() {
  return [
    single({
      title: 'Measured',
      description: 'Cgroups that are measured.',
      unit: 'short',
      width: 6,
      expr: series('reeve_cgroups_measured', HOST),
    }),
    single({
      title: 'Left out',
      description: 'Cgroups that are not measured since there are more than --collector.cgroups.max.',
      unit: 'short',
      width: 6,
      warn: 1,
      expr: series('reeve_cgroups_dropped', HOST),
    }),
    single({
      title: 'In all',
      description: 'Cgroups in the hierarchy with the most of them, measured or not.',
      unit: 'short',
      width: 6,
      expr: `max(${series('reeve_cgroups', HOST)})`,
    }),
    single({
      title: 'OOM kills',
      description: 'Processes that the kernel killed for want of memory of their cgroup.',
      unit: 'short',
      width: 6,
      alarm: 1,
      expr: `sum(${series('reeve_cgroup_memory_oom_kills_total', CGROUPS)})`,
    }),
  ];
}

/** What runs beside the tasks: services, containers, pods. */
export function cgroups(): dashboard.Dashboard {
  return board({
    uid: UID.cgroups,
    title: 'reeve / Cgroups',
    description:
      'Cgroups that reeve did not make: services, containers, pods. Values count for all below a cgroup. Needs ' +
      '--collector.cgroups.',
    variables: [
      ...oneHost(),
      many(labelValues('cgroup', 'Cgroup', 'reeve_cgroup_info{job="$job", instance="$instance"}')),
    ],
    rows: [
      { title: 'At a glance', panels: atAGlance() },
      {
        title: 'CPU',
        panels: [
          chart({
            title: 'Top cgroups by CPU',
            description: 'CPU time used per second, in cores, of the ten busiest cgroups.',
            unit: 'suffix: cores',
            width: 12,
            queries: [{ expr: top(rate('reeve_cgroup_cpu_usage_seconds_total', CGROUPS)), legend: LEGEND }],
          }),
          chart({
            title: 'Top throttled cgroups',
            description:
              'Of the periods in which a cgroup wanted to run, the part in which its own CPU limit held it back. The ' +
              'ten highest; those without a limit are not there.',
            unit: 'percentunit',
            width: 12,
            max: 1,
            warn: 0.1,
            alarm: 0.25,
            queries: [{ expr: top(throttledShare('cgroup', CGROUPS)), legend: LEGEND }],
          }),
        ],
      },
      {
        title: 'Memory',
        panels: [
          chart({
            title: 'Top cgroups by memory',
            description: 'Working set of the ten largest cgroups.',
            unit: 'bytes',
            width: 12,
            queries: [{ expr: top(series('reeve_cgroup_memory_working_set_bytes', CGROUPS)), legend: LEGEND }],
          }),
          chart({
            title: 'Nearest to the memory limit',
            description:
              'Memory that no file backs, as a part of the limit. The ten highest; cgroups without a limit are not ' +
              'there.',
            unit: 'percentunit',
            width: 12,
            max: 1,
            warn: 0.8,
            alarm: 0.9,
            queries: [
              {
                expr: top(
                  `${series('reeve_cgroup_memory_anon_bytes', CGROUPS)} / ` +
                    `${series('reeve_cgroup_memory_limit_bytes', CGROUPS)}`,
                ),
                legend: LEGEND,
              },
            ],
          }),
        ],
      },
      {
        title: 'Threads and kills',
        panels: [
          chart({
            title: 'Top cgroups by threads',
            description: 'Threads of all processes of the ten cgroups with the most.',
            unit: 'short',
            width: 12,
            queries: [{ expr: top(series('reeve_cgroup_threads', CGROUPS)), legend: LEGEND }],
          }),
          chart({
            title: 'OOM kills',
            description: 'Processes per second that the kernel killed for want of memory. The ten highest.',
            unit: 'ops',
            width: 12,
            queries: [{ expr: top(rate('reeve_cgroup_memory_oom_kills_total', CGROUPS)), legend: LEGEND }],
          }),
        ],
      },
    ],
  });
}
