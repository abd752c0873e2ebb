// What the files of this folder call each other by. Bookmarks, links and
// silences hold these names: they stay as they are.

export const DATA_SOURCE_UID = 'reeve-prometheus';

// Of the folder with the dashboards, and of the one with the alert rules.
export const FOLDER = 'reeve';

export const UID = {
  fleet: 'reeve-fleet',
  host: 'reeve-host',
  task: 'reeve-task',
  cgroups: 'reeve-cgroups',
} as const;

export const TAG = 'reeve';
