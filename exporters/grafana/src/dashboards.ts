import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { cgroups } from './dashboards/cgroups';
import { fleet } from './dashboards/fleet';
import { host } from './dashboards/host';
import { task } from './dashboards/task';

/** All dashboards, by the name of their file. */
export function dashboards(): Record<string, dashboard.Dashboard> {
  return {
    'fleet.json': fleet(),
    'host.json': host(),
    'task.json': task(),
    'cgroups.json': cgroups(),
  };
}
