#!/bin/bash
# Inside the private namespaces: loopback holds the 172.29.0.x addresses of the suite's compose file,
# /etc/hosts and a small DNS server know its service names. Then the command given.
set -e
ip link set lo up
for i in $(seq 10 30) $(seq 100 199); do ip addr add "172.29.0.$i/32" dev lo; done
mount --make-rprivate / 2>/dev/null || true
"$SUITE_NODE" "$SUITE_HERE/names.mjs" "$SUITE_COMPOSE" "$SUITE_WORK"
mount --bind "$SUITE_WORK/hosts" /etc/hosts
mount --bind "$SUITE_WORK/resolv.conf" /etc/resolv.conf
"$SUITE_NODE" "$SUITE_HERE/dns.mjs" "$SUITE_WORK/hosts.json" >"$SUITE_LOGS/dns.log" 2>&1 &
while ! [ -e "$SUITE_WORK/dns.ready" ]; do sleep 0.05; done
set +e
"$@"
