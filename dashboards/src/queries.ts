// Selectors and the shapes of queries that all dashboards share.

const HOST = 'job=~"$job", instance=~"$instance"';
const DEVICE = `${HOST}, netns=~"$netns", device=~"$device|"`;

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

// The limit of a ratio, where the ratio is known.
export function full(selector: string): Target {
  return limit(`group(${selector})`, '(full)');
}

// The highest of a peak since the point before, however far apart the points of a graph are.
export function worst(selector: string): string {
  return `max_over_time(${selector}[$__rate_interval])`;
}

// The middle and the far end of a distribution over all events of a time, none left out.
export function quantiles(family: string, labels: string, of: string, more = '', select = host): Target[] {
  const buckets = by(`${labels}, le`, rate(select(`${family}_bucket`, more)));
  return [0.5, 0.99].map((part) => ({
    expr: `histogram_quantile(${part}, ${buckets})`,
    legend: `p${part * 100} ${of}`,
  }));
}
