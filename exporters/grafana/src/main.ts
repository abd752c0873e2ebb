// Writes the dashboards and alert rules: main.js RULES OUTPUT. See ../build.

import * as fs from 'node:fs';
import * as path from 'node:path';
import { stringify } from 'yaml';

import { toGrafanaGroups } from './alerts/alert_rules';
import { readRuleFiles } from './alerts/rule_file';
import { dashboards } from './dashboards';

const RULES_HEADER = `\
# Alert rules for Grafana, made from exporters/prometheus/rules by exporters/grafana/build.
# They use the recording rules of those files: Prometheus must have them loaded.
`;

// The SDK's objects have functions beside their data, which JSON leaves out.
function toYaml(value: object): string {
  return stringify(JSON.parse(JSON.stringify(value)), { lineWidth: 0, aliasDuplicateObjects: false });
}

function write(file: string, content: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

function main(rules: string, output: string): void {
  // All of it is made before any of it is written.
  const files: Record<string, string> = {
    'provisioning/alerting/rules.yaml': RULES_HEADER + toYaml(toGrafanaGroups(readRuleFiles(rules))),
  };
  for (const [name, board] of Object.entries(dashboards())) {
    files[`dashboards/${name}`] = `${JSON.stringify(board, null, 2)}\n`;
  }
  for (const [name, content] of Object.entries(files)) write(path.join(output, name), content);
}

const [rules, output] = process.argv.slice(2);
if (rules === undefined || output === undefined) {
  console.error('usage: main.js RULES OUTPUT');
  process.exit(2);
}
try {
  main(rules, output);
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
