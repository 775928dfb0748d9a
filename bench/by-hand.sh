#!/bin/sh
# The lab note's procedure with the same tools and no waste: what a careful person would script. The bench compares tapbench with it.
# usage: by-hand.sh IMAGE_FOLDER OUTPUT_FOLDER SECONDS [TRACER...]
#   writes iperf3.json, sockperf.txt and times.txt (the guest's uptime before and after each client); with a tracer (a command that takes a pid and ends on SIGTERM) also syscalls.txt
#   BYHAND_CPUS: the CPUs that the VMM and the servers are kept on, all of them if unset
#   BYHAND_QEMU_ARGUMENTS, BYHAND_KERNEL_ARGUMENTS: what the machine is, one argument a word
set -eu
image=$1 output=$2 seconds=$3
shift 3
namespace=tapbench-byhand-$$
mkdir -p "$output"

cleanup() {
  for pid in ${vmm:-} ${bulk:-} ${small:-} ${tracer:-}; do kill "$pid" 2>/dev/null || true; done
  ip netns delete "$namespace" 2>/dev/null || true
  rm -rf "$output/overlay"
}
trap cleanup EXIT INT TERM

ip netns add "$namespace"
ip -n "$namespace" -batch - <<EOF
link set lo up
tuntap add dev tap0 mode tap vnet_hdr
addr add 192.168.100.1/24 dev tap0
link set tap0 up
EOF

# The guest runs the two clients by itself and prints what they say.
mkdir -p "$output/overlay"
cat >"$output/overlay/by-hand" <<EOF
#!/bin/sh
export PATH=/bin HOME=/tmp
/bin/busybox mount -t proc proc /proc; mount -t devtmpfs dev /dev; mount -t sysfs sys /sys
exec </dev/ttyS0 >/dev/ttyS0 2>&1
stty raw -echo
for module in /modules/*.ko; do insmod \$module; done
ip link set lo up; ip addr add 192.168.100.2/24 dev eth0; ip link set eth0 up
times=/tmp/times
cat /proc/uptime >\$times
iperf3 -c 192.168.100.1 -t $seconds -P 4 -J >/tmp/iperf3.json
cat /proc/uptime >>\$times
echo "=== iperf3"; cat /tmp/iperf3.json
cat /proc/uptime >>\$times
sockperf ping-pong -i 192.168.100.1 -m 64 -t $seconds >/tmp/sockperf.txt
cat /proc/uptime >>\$times
echo "=== sockperf"; cat /tmp/sockperf.txt
echo "=== times"; cat \$times
echo "=== end"
poweroff -f
EOF
chmod +x "$output/overlay/by-hand"
{ cat "$image/initramfs.cpio"; cd "$output/overlay" && echo by-hand | busybox cpio -o -H newc 2>/dev/null; } >"$output/overlay/initrd"

in_namespace() { exec ip netns exec "$namespace" ${BYHAND_CPUS:+taskset -c "$BYHAND_CPUS"} "$@"; }
in_namespace iperf3 -s -1 -B 192.168.100.1 >/dev/null 2>&1 &
bulk=$!
(HOME=/tmp; export HOME; in_namespace sockperf server -i 192.168.100.1) >/dev/null 2>&1 &
small=$!
# shellcheck disable=SC2086 # one argument a word
in_namespace qemu-system-x86_64 -name guest=byhand,debug-threads=on $BYHAND_QEMU_ARGUMENTS \
  -nodefaults -no-user-config -no-reboot -display none -serial stdio \
  -kernel "$image/vmlinux" -initrd "$output/overlay/initrd" -append "$BYHAND_KERNEL_ARGUMENTS rdinit=/by-hand" \
  -netdev tap,id=net0,ifname=tap0,script=no,downscript=no,vhost=off -device virtio-net-device,netdev=net0 \
  </dev/null >"$output/console.txt" 2>"$output/qemu.txt" &
vmm=$!
if [ $# -gt 0 ]; then
  "$@" "$vmm" >"$output/syscalls.txt" 2>"$output/tracer.txt" &
  tracer=$!
fi
wait "$vmm"
vmm=
if [ $# -gt 0 ]; then
  kill -TERM "$tracer"
  wait "$tracer" || true
  tracer=
fi
sed -n '/^=== iperf3/,/^=== sockperf/p' "$output/console.txt" | grep -v '^===' >"$output/iperf3.json"
sed -n '/^=== sockperf/,/^=== times/p' "$output/console.txt" | grep -v '^===' >"$output/sockperf.txt"
sed -n '/^=== times/,/^=== end/p' "$output/console.txt" | grep -v '^===' >"$output/times.txt"
