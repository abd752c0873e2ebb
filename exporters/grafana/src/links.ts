import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { TAG, UID } from './names';

export interface Link {
  title: string;
  url: string;
}

/** In a legend: to the task whose series it is. */
export const TASK_OF_SERIES: Link = {
  title: 'Task ${__field.labels.task}',
  url:
    `/d/${UID.task}?\${datasource:queryparam}` +
    '&var-job=${__field.labels.job}&var-instance=${__field.labels.instance}' +
    '&var-task=${__field.labels.task}&${__url_time_range}',
};

/** In a legend: to the host whose series it is. */
export const HOST_OF_SERIES: Link = {
  title: 'Host ${__field.labels.instance}',
  url:
    `/d/${UID.host}?\${datasource:queryparam}` +
    '&var-job=${__field.labels.job}&var-instance=${__field.labels.instance}' +
    '&${__url_time_range}',
};

/** In a table with the columns job, instance and task: to the task of a row. */
export const TASK_OF_ROW: Link = {
  title: 'Task ${__data.fields.task}',
  url:
    `/d/${UID.task}?\${datasource:queryparam}` +
    '&var-job=${__data.fields.job}&var-instance=${__data.fields.instance}' +
    '&var-task=${__data.fields.task}&${__url_time_range}',
};

/** At the top of each dashboard: to all of them, with their variables. */
export function toAllDashboards(): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder('reeve')
    .type(dashboard.DashboardLinkType.Dashboards)
    .tags([TAG])
    .includeVars(true)
    .keepTime(true);
}
