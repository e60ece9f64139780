"""A program at tc's ingress or egress, attached by a link (tcx, Linux 6.6), with one verdict."""

import xdp

INGRESS, EGRESS = 46, 47  # BPF_TCX_INGRESS, BPF_TCX_EGRESS
DROP = 2  # TCX_DROP


def dropping(device, direction):
    """As xdp.Verdict."""
    return xdp.Verdict(device, mode=0, verdict=DROP, kind=xdp.TYPE_TC, attach=direction)
