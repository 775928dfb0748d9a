#!/bin/busybox sh
# PID 1 of the level-one machine: sets it up, runs the job of the second disk on the second serial port, writes what came of it
# to the third disk. Lines that begin with the byte 036 are for the host's end (console.ts); all others are the job's.
export PATH=/usr/bin:/usr/sbin HOME=/root
busybox mount -t proc proc /proc
mount -t devtmpfs dev /dev
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
mkdir -p /dev/pts /dev/shm /job /out
ln -s /proc/self/fd /dev/fd
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tracefs tracefs /sys/kernel/tracing
mount -t debugfs debugfs /sys/kernel/debug
mount -t cgroup2 cgroup2 /sys/fs/cgroup
hostname nested
ip link set lo up

stty -F /dev/ttyS1 -echo -onlcr
tell() { printf '\036%s\n' "$*" >/dev/ttyS1; }
fail() {
  tell "fail $*"
  poweroff -f
}
for module in /lib/level-one/*.ko; do insmod "$module" || echo "insmod $module failed"; done
[ -c /dev/kvm ] || fail "the emulated processor offers no KVM"
# By its serial number, which ends without a line feed.
disk() {
  for block in /sys/block/vd*; do
    read -r serial <"$block/serial"
    [ "$serial" != "$1" ] || echo "/dev/${block##*/}"
  done
}
mount -t ext4 "$(disk job)" /job || fail "the job's disk can't be mounted"
[ ! -d /job/root ] || cp -a /job/root/. / || fail "the job's files can't be copied"
tell up
# The host takes a machine that is silent for dead.
while sleep 10; do tell alive; done &
# A session of its own on the serial port: the host sends Ctrl-C as the key.
setsid -c bash /job/job.sh </dev/ttyS1 >/dev/ttyS1 2>&1
dmesg >/out/kernel.log
cd /out && tar -c -f /results.tar . && cat /results.tar >"$(disk results)" && sync || fail "the results can't be written"
tell "done $(stat -c %s /results.tar)"
poweroff -f
