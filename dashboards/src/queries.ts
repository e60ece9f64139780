// Selectors and the shapes of queries that all dashboards share.

const HOST = 'job=~"$job", instance=~"$instance"';
const DEVICE = `${HOST}, netns=~"$netns", device=~"$device"`;

// A family on the chosen hosts; `more` are further matchers.
export function host(family: string, more = ''): string {
  return `${family}{${HOST}${more && `, ${more}`}}`;
}

// A family on the chosen hosts and devices; one that has no device is shown whatever the choice.
export function device(family: string, more = ''): string {
  return `${family}{${DEVICE}${more && `, ${more}`}}`;
}

export function rate(selector: string): string {
  return `rate(${selector}[$__rate_interval])`;
}

export function by(labels: string, what: string, how = 'sum'): string {
  return `${how} by (${labels}) (${what})`;
}

export interface Target {
  expr: string;
  legend: string;
  limit?: boolean; // Drawn as a dashed line.
  unit?: string; // Of this query, when it is another than the panel's; drawn on the right axis.
}

export const LIMIT = 'limit';

export function limit(expr: string, of = '{{instance}} {{device}}'): Target {
  return { expr, legend: `${LIMIT} ${of}`, limit: true };
}
