// The kinds of panels that the dashboards are made of. Each says what it shows
// in which unit; nothing here knows of a metric.

import * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

import type { Link } from './links';
import { DATA_SOURCE } from './variables';

/** Grafana's names of the units that reeve's metrics have. */
export type Unit =
  | 'percentunit'
  | 'bytes'
  | 'binBps'
  | 's'
  | 'ops'
  | 'cps'
  | 'pps'
  | 'hertz'
  | 'short'
  | 'none'
  | 'dateTimeFromNow'
  | 'suffix: cores';

export interface Query {
  expr: string;
  legend: string;
}

interface PanelSpec {
  title: string;
  /** What one sees, for who has never seen it. */
  description: string;
  unit: Unit;
  /** Columns of 24. */
  width: number;
  /** From which value on the colour is orange, and red. */
  warn?: number;
  alarm?: number;
}

export interface ChartSpec extends PanelSpec {
  queries: Query[];
  /** Whether values are parts of a whole, drawn on each other. */
  stacked?: boolean;
  /** The top of the axis, where it is known. */
  max?: number;
  /** Legends of limits: drawn as a dashed red line, outside of any stack. */
  limits?: string[];
  links?: Link[];
}

export interface StatSpec extends PanelSpec {
  expr: string;
  /** Shows this label of the series instead of its value. */
  label?: string;
  /** Text by value, such as "up" for 1. */
  texts?: Record<string, { text: string; color: string }>;
  /** What stands there where there is nothing to tell. */
  otherwise?: string;
  /** Whether low values are those to worry about. */
  lowIsBad?: boolean;
}

export interface Column {
  title: string;
  expr: string;
  unit: Unit;
  warn?: number;
  alarm?: number;
}

export interface TableSpec extends Omit<PanelSpec, 'unit'> {
  /** Labels that the columns have in common: they make a row. */
  rows: string[];
  columns: Column[];
  /** Labels that links need but nobody wants to read. */
  hidden?: string[];
  /** By column of a label. */
  links?: Record<string, Link>;
}

const CHART_HEIGHT = 8;
const STAT_HEIGHT = 4;

function refId(number: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + number);
}

function steps(spec: { warn?: number; alarm?: number }, lowIsBad = false): dashboard.ThresholdsConfigBuilder {
  const found: dashboard.Threshold[] = [{ value: null, color: lowIsBad ? 'red' : 'green' }];
  if (spec.warn !== undefined) found.push({ value: spec.warn, color: lowIsBad ? 'green' : 'orange' });
  if (spec.alarm !== undefined) found.push({ value: spec.alarm, color: 'red' });
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(found);
}

function toBuilder(link: Link): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(link.title).url(link.url);
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** How something went on over time. */
export function chart(spec: ChartSpec): cog.Builder<dashboard.Panel> {
  const panel = new timeseries.PanelBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(DATA_SOURCE)
    .unit(spec.unit)
    .min(0)
    .span(spec.width)
    .height(CHART_HEIGHT)
    .lineWidth(1)
    .fillOpacity(spec.stacked ? 40 : 8)
    .showPoints(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
  if (spec.stacked) panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.warn !== undefined || spec.alarm !== undefined) {
    panel
      .thresholds(steps(spec))
      .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  if (spec.links) panel.dataLinks(spec.links.map(toBuilder));
  for (const limit of spec.limits ?? []) {
    panel.overrideByRegexp(`/^${quoted(limit)}/`, [
      { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 6] } },
      { id: 'custom.lineWidth', value: 2 },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.stacking', value: { mode: 'none', group: 'A' } },
    ]);
  }
  spec.queries.forEach((query, number) => {
    panel.withTarget(
      new prometheus.DataqueryBuilder()
        .refId(refId(number))
        .datasource(DATA_SOURCE)
        .expr(query.expr)
        .legendFormat(query.legend)
        .range(),
    );
  });
  return panel;
}

/** One value, as it is now. */
export function single(spec: StatSpec): cog.Builder<dashboard.Panel> {
  const panel = new stat.PanelBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(DATA_SOURCE)
    .unit(spec.unit)
    .span(spec.width)
    .height(STAT_HEIGHT)
    .thresholds(steps(spec, spec.lowIsBad))
    .colorMode(spec.label === undefined ? common.BigValueColorMode.Value : common.BigValueColorMode.None)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .textMode(spec.label === undefined ? common.BigValueTextMode.Value : common.BigValueTextMode.Name)
    .withTarget(
      new prometheus.DataqueryBuilder()
        .refId(refId(0))
        .datasource(DATA_SOURCE)
        .expr(spec.expr)
        .legendFormat(spec.label === undefined ? spec.title : `{{${spec.label}}}`)
        .instant(),
    );
  if (spec.otherwise !== undefined) panel.noValue(spec.otherwise);
  if (spec.texts) panel.mappings([{ type: dashboard.MappingType.ValueToText, options: spec.texts }]);
  return panel;
}

/** Many values of many things, as they are now. */
export function values(spec: TableSpec): cog.Builder<dashboard.Panel> {
  const panel = new table.PanelBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(DATA_SOURCE)
    .unit('short')
    .span(spec.width)
    .height(CHART_HEIGHT + 1)
    .cellHeight(common.TableCellHeight.Sm);
  spec.columns.forEach((column, number) => {
    panel.withTarget(
      new prometheus.DataqueryBuilder()
        .refId(refId(number))
        .datasource(DATA_SOURCE)
        .expr(column.expr)
        .legendFormat(column.title)
        .format(prometheus.PromQueryFormat.Table)
        .instant(),
    );
    const properties: dashboard.DynamicConfigValue[] = [{ id: 'unit', value: column.unit }];
    if (column.warn !== undefined || column.alarm !== undefined) {
      properties.push(
        { id: 'thresholds', value: steps(column).build() },
        { id: 'custom.cellOptions', value: { type: 'color-text' } },
      );
    }
    panel.overrideByName(column.title, properties);
  });
  for (const label of spec.hidden ?? []) {
    // Versions of Grafana differ in what they call it.
    panel.overrideByName(label, [
      { id: 'custom.hidden', value: true },
      { id: 'custom.hideFrom.viz', value: true },
    ]);
  }
  for (const [label, link] of Object.entries(spec.links ?? {})) {
    panel.overrideByName(label, [{ id: 'links', value: [link] }]);
  }
  // Grafana calls the values "Value" where there is one query, and else by its letter.
  const valueName = (number: number) => (spec.columns.length === 1 ? 'Value' : `Value #${refId(number)}`);
  const fields = [...spec.rows, ...spec.columns.map((_, number) => valueName(number))];
  return panel
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(fields.map((name, index) => [name, index])),
        renameByName: Object.fromEntries(spec.columns.map((column, number) => [valueName(number), column.title])),
      },
    })
    .withTransformation({
      id: 'sortBy',
      options: { sort: [{ field: spec.columns[0]?.title, desc: true }] },
    });
}
