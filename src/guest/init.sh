#!/bin/sh
# PID 1 of the guest: sets up the machine, then serves the channel on the serial console (host's end: channel.ts).
# One request a line: ID VERB ARGUMENTS. One reply a request; nothing is written that the host did not ask for.
#   ID F TEXT                       evaluates shell text to its end
#   ID W GATE_US EMULATED COMMAND   says "armed", waits out the gate, runs the command, and replies only after one more line: SECONDS TEXT
#   ID S COMMAND / ID K PID         starts a server / ends it
#   ID I                            an interactive shell until it exits
#   ID O                            powers off
#   ID B TEXT                       evaluates shell text in PID 1 itself, which becomes another init; no reply
# Where that is the init of a root file system of the user's own, its service starts this again, as `/init service`.
export PATH=/bin HOME=/tmp
case ${1-} in
  service)
    # A service leads its session. If it opened the console, that would be its terminal, and end with it.
    /init agent </dev/null >/dev/null 2>&1 &
    wait
    exit
    ;;
  agent) ;;
  *)
    # busybox finds its own applets through /proc/self/exe.
    /bin/busybox mount -t proc proc /proc
    mount -t devtmpfs dev /dev
    ;;
esac
exec </dev/ttyS0 >/dev/ttyS0 2>&1
# A VMM may hand over a line feed that comes by itself as a carriage return.
stty raw -echo icrnl
umask 077

# A machine that is reset by the keyboard controller (reboot=k) has no other way to end.
off() {
  case " $(cat /proc/cmdline) " in
    *" reboot=k "*) reboot -f ;;
    *) poweroff -f ;;
  esac
}

# What is written to /dev/kmsg the kernel prints itself, before this goes on. The serial line needs an interrupt that a guest without its ACPI
# tables does not get, and loses what it has not sent when the machine stops.
fail() {
  echo "<0>tapbench-init: $*" >/dev/kmsg
  off
}

# Runs a command; `why` then says what it complained of, in one line.
try() { "$@" >/why 2>&1; }
why() { tr '\n' ' ' </why; }

if [ "${1-}" = agent ]; then
  # From now on the console is ours: what their init and services say is in the kernel's log (enter.sh).
  dmesg -n 1
  # Their network may have set it up otherwise.
  ip addr flush dev eth0
  rm -rf /tmp/tapbench
else
  # A kernel that has all of it built in has none.
  for module in /modules/*.ko; do
    [ ! -e "$module" ] || try insmod "$module" || fail "$(why)"
  done
  mount -t sysfs sys /sys
fi
# A card on PCI needs more modules, which cost boot time.
[ -d /sys/class/net/eth0 ] || for module in /modules/pci/*.ko; do
  [ ! -e "$module" ] || try insmod "$module" || fail "$(why)"
done
[ -d /sys/class/net/eth0 ] || {
  lacks=
  for driver in virtio/drivers/virtio_net platform/drivers/virtio-mmio pci/drivers/virtio-pci; do
    [ -d /sys/bus/$driver ] || lacks="$lacks ${driver##*/}"
  done
  fail "no network card was found${lacks:+; the kernel has neither built in nor as modules (guest.modules):$lacks}"
}

read -r command_line </proc/cmdline
for argument in $command_line; do
  case $argument in
    tapbench.mtu=*)
      read -r mtu </sys/class/net/eth0/mtu
      [ "$mtu" = "${argument#*=}" ] || try ip link set eth0 mtu "${argument#*=}" || fail "eth0 refuses $argument: $(why)"
      ;;
    tapbench.address=*) try ip addr add "${argument#*=}" brd + dev eth0 || fail "eth0 refuses $argument: $(why)" ;;
    tapbench.queues=*) try ethtool -L eth0 combined "${argument#*=}" || fail "eth0 refuses $argument: $(why)" ;;
    tapbench.gso=*) try ethtool -K eth0 gso "${argument#*=}" || fail "eth0 refuses $argument: $(why)" ;;
    tapbench.congestion_control=*)
      echo "${argument#*=}" >/proc/sys/net/ipv4/tcp_congestion_control || fail "the kernel refuses $argument" ;;
  esac
done
ip link set lo up
try ip link set eth0 up || fail "eth0 does not come up: $(why)"

work=/tmp/tapbench
cd /tmp || fail "no /tmp"

# reply ID STATUS FILE...: sizes and, where small, the contents of the files one after another, packed: each byte on the serial line costs an
# emulated CPU some us, and gzip(1) brings its own checksum. What is larger is set aside in kept/: the host fetches it over the network card, outside of windows.
reply() {
  reply_head="R $1 $2"
  shift 2
  total=0 sizes=
  for size in $(stat -c %s "$@"); do
    sizes="$sizes $size" total=$((total + size))
  done
  if [ $total -eq 0 ]; then
    printf '\036%s -%s\n\036.\n' "$reply_head" "$sizes"
  elif [ $total -gt 65536 ]; then
    mv "$@" $work/kept
    printf '\036%s large%s\n\036.\n' "$reply_head" "$sizes"
  else
    printf '\036%s gzip%s\n' "$reply_head" "$sizes"
    gzip -1 -c "$@" | base64
    printf '\036.\n'
  fi
}

# transfer FILE HOST PORT: prints the checksum of the file that it sends.
transfer() {
  [ -r "$1" ] || { echo "$1 can't be read" >&2; return 1; }
  md5sum <"$1" &
  tries=0
  until nc "$2" "$3" <"$1" 2>$work/refused; do
    tries=$((tries + 1))
    [ $tries -lt 400 ] || { cat $work/refused >&2; return 1; }
    usleep 5000
  done
  wait
}

# facts: what the guest knows of itself, as PATH:LINE, then the sections that are no files (read by facts.ts). Few processes: each costs
# some ms on an emulated CPU. grep reads a file at once; the shell's own read takes byte by byte, which sysctls answer with an early end.
facts() {
  cd /proc/sys
  grep -H '' net/ipv4/tcp_congestion_control net/ipv4/tcp_rmem net/ipv4/tcp_wmem net/ipv4/tcp_timestamps \
    net/ipv4/tcp_sack net/ipv4/tcp_window_scaling net/ipv4/tcp_slow_start_after_idle net/ipv4/tcp_notsent_lowat \
    net/ipv4/tcp_mtu_probing net/core/rmem_max net/core/wmem_max net/core/default_qdisc \
    /proc/version /proc/cmdline kernel/osrelease \
    /sys/devices/system/clocksource/clocksource0/current_clocksource \
    /sys/class/net/eth0/address /sys/class/net/eth0/mtu /sys/class/net/eth0/device/features \
    /sys/class/net/eth0/device/uevent /sys/class/net/eth0/device/../uevent
  # Of long files what is read of them: the serial line is slow.
  grep -H -e '^processor' -e '^model name' -e '^MemTotal' -e virtio /proc/cpuinfo /proc/meminfo /proc/interrupts
  echo "=== queues"
  echo /sys/class/net/eth0/queues/*
  echo "=== rings"
  ethtool -g eth0
  echo "=== offloads"
  ethtool -k eth0
}

# fill_tlb: QEMU's emulated CPU sizes its TLB after what the guest used in the last 100 ms, and only when it is flushed: doubled where it was
# full, cut where little was used. A client that starts on an idle guest finds a small one and keeps it, and its round trips take a tenth longer
# than right after other work. Each process here fills it and flushes it; 6 MiB make the kernel's part 4096 entries large, as iperf3 does,
# and no larger. Source: tlb_mmu_resize_locked, accel/tcg/cputlb.c of QEMU.
fill_tlb() {
  for size in 2M 2M 6M 6M 6M; do
    dd if=/dev/zero of=/dev/null bs=$size count=1 2>/dev/null
  done
}

# window ID GATE_US EMULATED COMMAND: EMULATED is 1 on an emulated CPU. Beside the command nothing of ours has a timer or wakes up. With timeout(1)
# there to end it, whose child looks once a second, round trips of an emulated guest took about 5 % longer.
window() {
  [ "$3" = 0 ] || fill_tlb
  printf '\036A %s\n' "$1"
  usleep "$2"
  cat /proc/stat >$work/resources
  {
    (eval "exec $4") >$work/out 2>$work/err </dev/null &
    echo $! >$work/client
    wait $!
    status=$?
    cat $work/line /proc/stat $work/line /proc/meminfo >>$work/resources
    echo $status >$work/ended
  } &
  # Silence until the host says that the window is closed, how many seconds the command may still take, and what is to be sent when it ended well.
  until read -r mark left text && [ "$mark" = "$line_mark" ]; do again; done
  read -r -t "$left" status <>$work/ended || {
    kill -KILL "$(cat $work/client)"
    read -r status <>$work/ended
  }
  wait
  : >$work/sent
  [ "$status" -ne 0 ] || eval "$text" >$work/sent 2>&1
  reply "$1" "$status" $work/out $work/err $work/resources $work/sent
}

# A child that ends while a line is being read has the shell begin to read anew, and what it had of the line is lost (readcmd in ash.c of
# busybox: "again" after EINTR). So every line begins with a mark: without it the line is asked for once more.
line_mark=$(printf '\035')
again() { printf '\036N\n'; }

serve() {
  while read -r mark id verb rest; do
    [ "$mark" = "$line_mark" ] || verb=damaged
    case $verb in
      damaged) again ;;
      F)
        (eval "$rest") >$work/out 2>$work/err </dev/null
        reply "$id" $? $work/out $work/err
        ;;
      W)
        gate=${rest%% *} rest=${rest#* }
        window "$id" "$gate" "${rest%% *}" "${rest#* }"
        ;;
      S)
        eval "$rest" >$work/server.$id.out 2>$work/server.$id.err </dev/null &
        echo "$! $work/server.$id" >$work/out
        : >$work/err
        reply "$id" 0 $work/out $work/err
        ;;
      K)
        pid=${rest%% *} files=${rest#* }
        kill "$pid" 2>/dev/null
        (usleep 2000000; kill -KILL "$pid") 2>/dev/null &
        killer=$!
        wait "$pid"
        status=$?
        kill $killer 2>/dev/null
        reply "$id" $status "$files.out" "$files.err"
        ;;
      I)
        stty sane
        setsid cttyhack sh -l
        # The end of a session leader hangs its terminal up for everyone, us too.
        exec </dev/ttyS0 >/dev/ttyS0 2>&1
        stty raw -echo icrnl
        : >$work/out
        reply "$id" 0 $work/out $work/out
        ;;
      B) eval "$rest" ;;
      O) off ;;
    esac
  done
}

printf '\036H 6\n'
# The host's first request is on its way meanwhile.
mkdir -p $work/kept
mkfifo $work/ended
echo === >$work/line
serve
fail "the console was closed"
