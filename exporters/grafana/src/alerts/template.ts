// Prometheus and Grafana fill in texts of alerts by the same language and mostly the
// same functions, but not with the same data.

// Those that Grafana has as well, with the same meaning.
const KNOWN = new Set([
  // Of the language.
  'and', 'block', 'break', 'continue', 'define', 'else', 'end', 'eq', 'false', 'ge', 'gt', 'if', 'index', 'le', 'len',
  'lt', 'ne', 'nil', 'not', 'or', 'print', 'printf', 'println', 'range', 'slice', 'template', 'true', 'with',
  // Of Prometheus.
  'humanize', 'humanize1024', 'humanizeDuration', 'humanizePercentage', 'humanizeTimestamp', 'match', 'parseDuration',
  'reReplaceAll', 'stripDomain', 'stripPort', 'title', 'toLower', 'toTime', 'toUpper',
]);

const ACTION = /\{\{-?\s*(\/\*[\s\S]*?\*\/|(?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^"`}]|\}(?!\}))*?)\s*-?\}\}/g;
const QUOTED = /"(?:[^"\\]|\\.)*"|`[^`]*`/g;

/**
 * A text for Grafana: the value of an alert is that of its query `refId` there.
 * Throws if Grafana does not have what the text uses.
 */
export function toGrafana(text: string, refId: string, where: string): string {
  // Grafana takes it for a variable of its environment.
  if (text.includes('${')) throw new Error(`${where}: "\${" is not possible in Grafana`);
  return text.replace(ACTION, (action: string) => {
    if (action.includes('/*')) return action;
    const words = action.replace(QUOTED, '""');
    for (const [word] of words.matchAll(/(?<![\w.$])[A-Za-z_]\w*/g)) {
      if (!KNOWN.has(word)) throw new Error(`${where}: Grafana has no "${word}" in texts`);
    }
    for (const [variable] of words.matchAll(/\$\w+/g)) {
      if (!['$labels', '$value'].includes(variable) && !text.includes(`${variable} :=`)) {
        throw new Error(`${where}: Grafana has no "${variable}" in texts`);
      }
    }
    if (/(?<![\w$.)])\.(?:Labels|Value|ExternalLabels|ExternalURL)\b/.test(words)) {
      throw new Error(`${where}: write $labels and $value, which Grafana has too`);
    }
    return replaceOutsideQuotes(action, /\$value(?!\w)/g, `$values.${refId}.Value`);
  });
}

function replaceOutsideQuotes(text: string, what: RegExp, by: string): string {
  let done = '';
  let from = 0;
  for (const quoted of text.matchAll(QUOTED)) {
    done += text.slice(from, quoted.index).replace(what, () => by) + quoted[0];
    from = quoted.index + quoted[0].length;
  }
  return done + text.slice(from).replace(what, () => by);
}
