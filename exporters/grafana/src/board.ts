import * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { toAllDashboards } from './links';
import { TAG } from './names';
import { dataSource } from './variables';

export interface Row {
  title: string;
  panels: cog.Builder<dashboard.Panel>[];
}

export interface BoardSpec {
  uid: string;
  title: string;
  description: string;
  variables: cog.Builder<dashboard.VariableModel>[];
  annotations?: cog.Builder<dashboard.AnnotationQuery>[];
  rows: Row[];
}

// The SDK would have links and annotations in a menu, out of sight.
function withoutMenu(built: dashboard.Dashboard): void {
  const ofPanels = (built.panels ?? []).flatMap((panel) =>
    'fieldConfig' in panel ? (panel.fieldConfig?.defaults.links ?? []) : [],
  );
  const all = [...(built.links ?? []), ...(built.annotations.list ?? []), ...ofPanels];
  for (const item of all) delete item.placement;
}

/** A dashboard, with what all of ours have in common. */
export function board(spec: BoardSpec): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([TAG])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(toAllDashboards())
    .withVariable(dataSource())
    .annotations(spec.annotations ?? []);
  for (const variable of spec.variables) builder.withVariable(variable);
  for (const row of spec.rows) {
    builder.withRow(new dashboard.RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  const built = builder.build();
  // Links to single panels hold these numbers.
  (built.panels ?? []).forEach((panel, index) => {
    panel.id = index + 1;
  });
  withoutMenu(built);
  return built;
}
