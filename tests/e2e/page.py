"""Reads a page in the text format into series."""

import re

SERIES = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)')


class Page:
    """All series of a page: self.series[name] is a list of (labels, value)."""

    def __init__(self, text):
        self.series = {}
        self.families = set()
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                self.families.add(line.split()[2])
            elif line and not line.startswith("#"):
                found = SERIES.fullmatch(line)
                assert found, f"not a sample: {line!r}"
                labels = dict(LABEL.findall(found[2] or ""))
                self.series.setdefault(found[1], []).append((labels, float(found[3])))

    def __len__(self):
        return sum(len(series) for series in self.series.values())

    def find(self, family, /, **labels):
        """The series of a family that have these labels, among others."""
        return [(own, value) for own, value in self.series.get(family, [])
                if labels.items() <= own.items()]

    def value(self, family, /, **labels):
        """The value of the one series that has these labels; None when there is none."""
        found = self.find(family, **labels)
        assert len(found) < 2, f"{family} {labels} is not one series: {found}"
        return found[0][1] if found else None

    def states(self):
        """The state of each collector, by name."""
        return {labels["collector"]: labels["state"]
                for labels, value in self.series["netstack_scrape_collector_state"] if value == 1}
