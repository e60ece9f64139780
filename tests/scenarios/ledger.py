"""What rose in the ledger between two pages."""

from exporter_process import await_true
from two_namespaces import scrape

# Of the whole machine, whoever is at work on it: every namespace shows the same numbers.
SHARED = {("receive", "backlog"), ("receive", "napi"), ("transmit", "neighbour")}


def rises(before, after, family, **wanted):
    """The series that rose, by path/stage/cause, with how much."""
    risen = {}
    for labels, value in after.find(family, **wanted):
        if (labels["path"], labels["stage"]) in SHARED:
            continue
        earlier = before.value(family, **labels)
        assert earlier is not None, f"{labels} was not there from the start"
        if value != earlier:
            key = "/".join((labels["path"], labels["stage"], labels["cause"]))
            risen[key] = risen.get(key, 0) + value - earlier
    return risen


def shared_rise(before, after, path, stage, cause):
    """Of a cause that rises() leaves out, because the whole machine has a part in it."""
    wanted = {"path": path, "stage": stage, "cause": cause}
    return sum(after.value(family, **wanted) - before.value(family, **wanted)
               for family in ("netstack_path_drops_total", "netstack_path_pressure_total")
               if after.find(family, **wanted))


def losses(before, after):
    return rises(before, after, "netstack_path_drops_total", **{"class": "loss"})


def refusals(before, after):
    return rises(before, after, "netstack_path_drops_total", **{"class": "policy"})


def errors(before, after):
    return rises(before, after, "netstack_path_drops_total", **{"class": "error"})


def pressure(before, after):
    return rises(before, after, "netstack_path_pressure_total")


def scrape_at_rest(namespaces, side, exporter, *counters):
    """A page, and the kernel's counters, which were the same before and after it."""
    def attempt():
        before = namespaces.counters(side)
        page = scrape(exporter)
        after = namespaces.counters(side)
        at_rest = all(before[name] == after[name] for name in counters)
        return (page, after) if at_rest else None
    return await_true(attempt, "counters at rest")
