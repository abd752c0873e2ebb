import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';

/** An alert as Prometheus' rule files have it; durations and values as text. */
export interface Alert {
  name: string;
  expr: string;
  for: string;
  keepFiringFor: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface Group {
  name: string;
  interval: string;
  alerts: Alert[];
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${where}: want a mapping`);
  }
  return value as Record<string, unknown>;
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where}: want a list`);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${where}: want a text`);
}

function texts(value: unknown, where: string): Record<string, string> {
  if (value === undefined) return {};
  return Object.fromEntries(
    Object.entries(record(value, where)).map(([key, item]) => [key, text(item, `${where}: ${key}`)]),
  );
}

function parseAlert(rule: Record<string, unknown>, labels: Record<string, string>, where: string): Alert {
  const name = text(rule['alert'], `${where}: alert`);
  const at = `${where}: ${name}`;
  return {
    name,
    expr: text(rule['expr'], `${at}: expr`),
    for: text(rule['for'] ?? '0s', `${at}: for`),
    keepFiringFor: text(rule['keep_firing_for'] ?? '', `${at}: keep_firing_for`),
    labels: { ...labels, ...texts(rule['labels'], `${at}: labels`) },
    annotations: texts(rule['annotations'], `${at}: annotations`),
  };
}

/** The groups of one file that have alerts; recording rules are passed over. */
export function parseRuleFile(content: string, file: string): Group[] {
  const top = record(parse(content), file);
  return list(top['groups'], `${file}: groups`)
    .map((item) => {
      const group = record(item, `${file}: group`);
      const name = text(group['name'], `${file}: name of a group`);
      const where = `${file}: ${name}`;
      const labels = texts(group['labels'], `${where}: labels`);
      const rules = list(group['rules'], `${where}: rules`).map((rule) => record(rule, `${where}: rule`));
      return {
        name,
        interval: text(group['interval'] ?? '1m', `${where}: interval`),
        alerts: rules.filter((rule) => rule['alert'] !== undefined).map((rule) => parseAlert(rule, labels, where)),
      };
    })
    .filter((group) => group.alerts.length > 0);
}

/** Those of all files FOLDER/*.rules.yml, in the order of their names. */
export function readRuleFiles(folder: string): Group[] {
  const files = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.rules.yml'))
    .sort();
  if (files.length === 0) throw new Error(`${folder}: no *.rules.yml there`);
  return files.flatMap((name) => {
    const file = path.join(folder, name);
    return parseRuleFile(fs.readFileSync(file, 'utf8'), file);
  });
}
