// What the doctor's rules say, from /api/v1/findings.
import {element} from "./ladder.mjs";
import {formatRate} from "./history.mjs";

function command(action) {
  const parts = [];
  if (action.command) parts.push(element("code", {}, action.command));
  if (action.note) parts.push(` ${action.note}`);
  return element("p", {}, ...parts);
}

function item(finding) {
  const device = finding.device ? ` (${finding.device})` : "";
  return element("li", {class: finding.harm},
    element("strong", {}, finding.title),
    element("p", {class: "quiet"},
      `${finding.path} ${finding.stage}${device}, ${formatRate(finding.rate)}. `,
      finding.evidence.join(" ")),
    element("p", {}, finding.cause),
    ...finding.change.map(command),
    ...(finding.cost ? [element("p", {class: "quiet"}, `Costs: ${finding.cost}`)] : []));
}

// `report` is null as long as there is nothing to compare with.
export function showFindings(section, report) {
  const findings = report?.findings ?? [];
  section.hidden = findings.length === 0;
  section.querySelector("ol").replaceChildren(...findings.map(item));
}
