// Alerts of Prometheus as Grafana's own, in the form of its provisioning files.

import * as alerting from '@grafana/grafana-foundation-sdk/alerting';
import * as expr from '@grafana/grafana-foundation-sdk/expr';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';

import { DATA_SOURCE_UID, FOLDER } from '../names';
import type { Alert, Group } from './rule_file';
import { toGrafana } from './template';

const QUERY = 'A';
const ANY_VALUE = 'B';
const CONDITION = 'C';
const EXPRESSION = { type: '__expr__', uid: '__expr__' };

// How far back Grafana says that a query looks. PromQL says so itself.
const RANGE: alerting.RelativeTimeRange = { from: 600, to: 0 };

// Of Grafana.
const LONGEST_UID = 40;

/** What a provisioning file has of a rule: the SDK's rule, without what the API adds. */
interface ProvisionedRule {
  uid: string;
  title: string;
  condition: string;
  data: alerting.Query[];
  for: string;
  keepFiringFor?: string;
  noDataState: alerting.Rule['noDataState'];
  execErrState: alerting.Rule['execErrState'];
  missing_series_evals_to_resolve: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface ProvisionedGroups {
  apiVersion: 1;
  groups: { orgId: number; name: string; folder: string; interval: string; rules: ProvisionedRule[] }[];
}

/**
 * To Prometheus an alert is whatever its expression returns, with any value; to
 * Grafana it is what is not 0. So B is 1 for each value that A has, and C asks for
 * that: as Grafana itself imports rules of Prometheus.
 */
function queries(alert: Alert): alerting.Query[] {
  const query = (refId: string, uid: string) =>
    new alerting.QueryBuilder(refId).datasourceUid(uid).relativeTimeRange(RANGE);
  return [
    query(QUERY, DATA_SOURCE_UID).model(
      new prometheus.DataqueryBuilder().refId(QUERY).expr(alert.expr).instant(),
    ),
    query(ANY_VALUE, EXPRESSION.uid).model(
      new expr.TypeMathBuilder()
        .refId(ANY_VALUE)
        .datasource(EXPRESSION)
        .expression(`is_number($${QUERY}) || is_nan($${QUERY}) || is_inf($${QUERY})`),
    ),
    query(CONDITION, EXPRESSION.uid).model(
      new expr.TypeThresholdBuilder()
        .refId(CONDITION)
        .datasource(EXPRESSION)
        .expression(ANY_VALUE)
        .conditions([{ evaluator: { params: [0], type: 'gt' } }]),
    ),
  ].map((builder) => builder.build());
}

function toRule(alert: Alert): ProvisionedRule {
  const uid = `reeve-${alert.name}`;
  if (uid.length > LONGEST_UID) {
    throw new Error(`${alert.name}: the name has more than ${LONGEST_UID - 'reeve-'.length} characters`);
  }
  for (const [label, value] of Object.entries(alert.labels)) {
    if (value.includes('{{') || value.includes('$')) {
      throw new Error(`${alert.name}: label ${label} has a template, which Grafana would take for a variable`);
    }
  }
  const rule: ProvisionedRule = {
    uid,
    title: alert.name,
    condition: CONDITION,
    data: queries(alert),
    for: alert.for,
    // Nothing returned: nothing is wrong.
    noDataState: 'OK',
    execErrState: 'Error',
    // Over as soon as it is not returned any more, as in Prometheus.
    missing_series_evals_to_resolve: 1,
    labels: alert.labels,
    annotations: Object.fromEntries(
      Object.entries(alert.annotations).map(([name, text]) => [
        name,
        toGrafana(text, QUERY, `${alert.name}: ${name}`),
      ]),
    ),
  };
  if (alert.keepFiringFor !== '') rule.keepFiringFor = alert.keepFiringFor;
  return rule;
}

export function toGrafanaGroups(groups: Group[]): ProvisionedGroups {
  const names = groups.flatMap((group) => group.alerts.map((alert) => alert.name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice}: there are two alerts of this name`);
  return {
    apiVersion: 1,
    groups: groups.map((group) => ({
      orgId: 1,
      name: group.name,
      folder: FOLDER,
      interval: group.interval,
      rules: group.alerts.map(toRule),
    })),
  };
}
