import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Which Prometheus is asked. */
export function dataSource(): dashboard.DatasourceVariableBuilder {
  return new dashboard.DatasourceVariableBuilder('datasource')
    .label('Prometheus')
    .type('prometheus');
}

/** A variable whose values are those of a label of some series. */
export function labelValues(name: string, label: string, series: string): dashboard.QueryVariableBuilder {
  const query = `label_values(${series}, ${name})`;
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCE)
    .query({ query, refId: name })
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.NaturalAsc);
}

/** job and instance, one of each. */
export function oneHost(): dashboard.QueryVariableBuilder[] {
  return [
    labelValues('job', 'Job', 'reeve_build_info'),
    labelValues('instance', 'Host', 'reeve_build_info{job="$job"}'),
  ];
}

/**
 * job and instance, any number of each, and all at first. All jobs are those with an
 * agent, and not whatever else Prometheus scrapes. All hosts are any of theirs, so that
 * one whose agent is down for longer than what is shown counts still.
 */
export function manyHosts(): dashboard.QueryVariableBuilder[] {
  return [
    several(labelValues('job', 'Job', 'reeve_build_info')),
    many(labelValues('instance', 'Host', 'reeve_build_info{job=~"$job"}')),
  ];
}

/** Lets a variable have any number of values, and all at first. */
export function many(variable: dashboard.QueryVariableBuilder): dashboard.QueryVariableBuilder {
  return several(variable).allValue('.+');
}

/** As many(), where all are those that are offered. */
function several(variable: dashboard.QueryVariableBuilder): dashboard.QueryVariableBuilder {
  return variable
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}
