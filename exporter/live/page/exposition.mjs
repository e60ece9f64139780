// Reads the text format that /metrics answers with.

const ESCAPES = {n: "\n", '"': '"', "\\": "\\"};

// The labels between the braces; `start` is behind the opening one. Returns [labels, end].
function readLabels(line, start) {
  const labels = {};
  let at = start;
  while (line[at] !== "}") {
    const equals = line.indexOf('="', at);
    if (equals < 0) throw new Error(`no label value: ${line}`);
    const name = line.slice(at, equals);
    let value = "";
    at = equals + 2;
    while (line[at] !== '"') {
      if (at >= line.length) throw new Error(`open quote: ${line}`);
      if (line[at] === "\\") {
        at += 1;
        value += ESCAPES[line[at]] ?? line[at];
      } else {
        value += line[at];
      }
      at += 1;
    }
    labels[name] = value;
    at += 1;
    if (line[at] === ",") at += 1;
  }
  return [labels, at + 1];
}

function readValue(text) {
  if (text === "+Inf") return Infinity;
  if (text === "-Inf") return -Infinity;
  return text === "NaN" ? NaN : Number(text);
}

// The samples of the families named, as {name, labels, value}, in the page's order.
export function parsePage(text, families) {
  const samples = [];
  for (const line of text.split("\n")) {
    if (line === "" || line[0] === "#") continue;
    const brace = line.indexOf("{");
    const nameEnd = brace >= 0 ? brace : line.indexOf(" ");
    const name = line.slice(0, nameEnd);
    if (!families.has(name)) continue;
    const [labels, end] = brace >= 0 ? readLabels(line, brace + 1) : [{}, nameEnd];
    samples.push({name, labels, value: readValue(line.slice(end).trim().split(" ")[0])});
  }
  return samples;
}
