"""Feeds pages to the strict OpenMetrics parser of Debian's python3-prometheus-client.

Usage: check_openmetrics.py PRINT_PAGE [ARGUMENT...]
PRINT_PAGE is run twice, with "text" and "openmetrics" as its first argument; both pages must parse
and hold the same series with the same values. Exit code 77 when the package is missing.
"""

import math
import subprocess
import sys

try:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_om
    from prometheus_client.parser import text_string_to_metric_families as parse_text
except ImportError:
    print("skipped: python3-prometheus-client is not installed")
    sys.exit(77)


def page(arguments, format_name):
    command = [arguments[0], format_name, *arguments[1:]]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")


def series(families):
    found = {}
    for family in families:
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, f"series twice: {key}"
            found[key] = "NaN" if math.isnan(sample.value) else float(sample.value)
    return found


def main():
    text = series(parse_text(page(sys.argv[1:], "text")))
    families = list(parse_om(page(sys.argv[1:], "openmetrics")))
    open_metrics = series(families)
    assert open_metrics, "no series"
    only = set(text.items()) ^ set(open_metrics.items())
    assert not only, f"the formats disagree: {sorted(map(str, only))[:10]}"
    print(f"{len(families)} families, {len(open_metrics)} series")


main()
