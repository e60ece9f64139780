// JSON schemas made from the types of Grafana's Foundation SDK, and what they say of a dashboard.
import { createRequire } from 'node:module';
import { join } from 'node:path';

// `work` is the folder into which dashboards/generate installs npm's packages.
export function validators(work) {
  const require = createRequire(join(work, 'package.json'));
  const { createGenerator } = require('ts-json-schema-generator');
  const Ajv = require('ajv').default ?? require('ajv');
  const types = join(work, 'node_modules/@grafana/grafana-foundation-sdk/dist');
  const schema = (folder, type) =>
    createGenerator({ path: join(types, folder, 'types.gen.d.ts'), type, skipTypeCheck: true }).createSchema(type);
  const compiled = (made) => new Ajv({ strict: false, allErrors: true, allowUnionTypes: true }).compile(made);

  const dashboard = schema('dashboard', 'Dashboard');
  // A query is an empty interface there; those of Prometheus are checked by their own schema.
  dashboard.definitions.Dataquery = { type: 'object' };
  const panels = {};
  for (const type of ['timeseries', 'table', 'stat', 'bargauge']) {
    panels[type] = { options: compiled(schema(type, 'Options')) };
    if (type === 'timeseries' || type === 'table') panels[type].custom = compiled(schema(type, 'FieldConfig'));
  }
  return { dashboard: compiled(dashboard), panels, query: compiled(schema('prometheus', 'Dataquery')) };
}

function errors(validate, value, where) {
  if (validate(value)) return [];
  return validate.errors.map((error) => `${where}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}

export function schemaFaults(checks, dashboard, panels) {
  const faults = errors(checks.dashboard, dashboard, '');
  for (const panel of panels) {
    const where = `panel ${panel.id} `;
    const own = checks.panels[panel.type];
    if (!own) {
      faults.push(`${where}has a type without a schema: ${panel.type}`);
      continue;
    }
    faults.push(...errors(own.options, panel.options, `${where}options`));
    if (own.custom) faults.push(...errors(own.custom, panel.fieldConfig.defaults.custom ?? {}, `${where}custom`));
    for (const target of panel.targets) faults.push(...errors(checks.query, target, `${where}target`));
  }
  return faults;
}
