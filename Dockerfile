# An image that holds the exporter and the libraries it is linked with, and nothing else. From the
# top folder of a checkout:
#   docker build --build-arg REVISION=$(git describe --always) -t netstack_exporter .
#   docker run --network host netstack_exporter
# Without the host's network it sees only its own, and netstack_host_network_visible says so. For eBPF,
# which needs two capabilities and gives them up at once:
#   docker run --network host --user 0 --cap-drop ALL --cap-add BPF --cap-add PERFMON netstack_exporter
# and --cap-add SYSLOG for what generic XDP drops.
FROM debian:bookworm AS build
WORKDIR /src
COPY scripts/install-dependencies scripts/
RUN scripts/install-dependencies build
COPY . .
ARG REVISION=
RUN cmake --preset release -DNETSTACK_REVISION="$REVISION" \
 && cmake --build --preset release --parallel --target netstack_exporter
# The program and, at the places where it looks for them, its libraries.
RUN program=build/release/exporter/netstack_exporter \
 && install -D --strip "$program" /image/usr/local/bin/netstack_exporter \
 && ldd "$program" | grep -o '/[^ ]*' | xargs -I{} cp --dereference --parents {} /image

FROM scratch
COPY --from=build /image /
# nobody: everything that it shows by default can be read without rights.
USER 65534:65534
EXPOSE 10417
ENTRYPOINT ["/usr/local/bin/netstack_exporter"]
