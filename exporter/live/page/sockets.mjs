// The connections with the longest queues, from /api/v1/sockets, for those who may see addresses.
import {element} from "./ladder.mjs";
import {formatNumber} from "./history.mjs";

const COLUMNS = ["Queue", "Here", "There", "Bytes", "Memory", "State"];

const end = (address, port) => (address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);

function row(queue, socket) {
  const share = socket.memory_limit_bytes > 0
    ? `${formatNumber(Math.round(1000 * socket.memory_bytes / socket.memory_limit_bytes) / 10)} %` : "";
  const cells = [
    end(socket.local_address, socket.local_port), end(socket.remote_address, socket.remote_port),
    formatNumber(socket.queued_bytes), share, socket.state,
  ];
  return element("tr", {}, element("th", {scope: "row"}, queue),
    ...cells.map((cell) => element("td", {}, cell)));
}

// `data` is null where the page is not told, and `reason` says why.
export function showSockets(section, data, reason) {
  const rows = [
    ...(data?.receive ?? []).map((socket) => row("receive", socket)),
    ...(data?.transmit ?? []).map((socket) => row("transmit", socket)),
  ];
  section.hidden = rows.length === 0 && reason === "";
  section.querySelector("p").textContent = reason ||
    `Of ${formatNumber(data.walk.sockets)} sockets, ${Math.round(data.walk.age_seconds)} s ago` +
    `${data.walk.truncated ? "; not all were looked at" : ""}.`;
  const heads = COLUMNS.map((title) => element("th", {scope: "col"}, title));
  section.querySelector("table").replaceChildren(
    ...(rows.length === 0 ? [] : [element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows)]));
}
