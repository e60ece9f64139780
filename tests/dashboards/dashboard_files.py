"""The committed dashboards, taken apart."""

import json
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "dashboards"
PATHS = sorted(FOLDER.glob("netstack-*.json"))
FAMILY = re.compile(r"\b((?:netstack|process)_[a-z0-9_]+)\b")
SELECTOR = re.compile(r"\b((?:netstack|process)_[a-z0-9_]+)\{((?:[^{}\"]|\"[^\"]*\")*)\}")


def dashboards():
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in PATHS}


def panels(dashboard):
    """All panels but the rows, those of closed rows too."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel["panels"]
        else:
            yield panel


def variables(dashboard):
    return {variable["name"]: variable for variable in dashboard["templating"]["list"]}


def interpolated(expression, rate_interval="10s"):
    """As Grafana asks it with everything chosen."""
    for name, value in {"$__rate_interval": rate_interval, "$__interval": rate_interval,
                        "$job": ".+", "$instance": ".+", "$device": ".*", "$netns": ".*"}.items():
        expression = expression.replace(name, value)
    return expression


def expressions(dashboard):
    """Triples of where, what for, and the expression: of panels, annotations and variables."""
    for panel in panels(dashboard):
        for target in panel["targets"]:
            yield f"{panel['id']} {panel['title']}", target["refId"], target["expr"]
    for annotation in dashboard["annotations"]["list"]:
        yield f"annotation {annotation['name']}", "", annotation["target"]["expr"]


def families(expression):
    """What it names, without what the parts of a distribution add."""
    return {re.sub(r"_(bucket|gsum|gcount)$", "", name) for name in FAMILY.findall(expression)}
