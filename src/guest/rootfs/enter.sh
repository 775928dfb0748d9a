# Of a guest with a root file system of the user's own: sourced into a shell of init.sh's when the guest is up, which replies with what this says.
# The user's file is a block device that can only be read. What is written goes into memory, over it, and is gone with the guest.
root=/rootfs
# Our own root file system, as programs in the user's see it.
ours=/run/tapbench-tools
their_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022

refuse() {
  echo "$*" >&2
  exit 1
}

load() {
  for module in "/modules/$1"/*.ko; do
    [ ! -e "$module" ] || try insmod "$module" || refuse "$(why)"
  done
}

# kernel_has TYPE: what the kernel said last is often the only reason.
kernel_has() { grep -qw "$1" /proc/filesystems || refuse "the kernel can't mount $1: it is neither built in nor among its modules (guest.modules)"; }
kernel_said() { dmesg | tail -n 1 | sed 's/^<*[0-9]*>*\[[^]]*\] *//'; }

# inside PROGRAM ARGUMENTS: one of busybox, in the user's root file system.
inside() { chroot $root $ours/bin/busybox "$@"; }

mount_root() {
  load rootfs
  load "$1"
  [ -b /dev/vda ] || refuse "no block device appeared: the kernel has no virtio_blk, or does not find its devices (guest.modules)"
  kernel_has "$1"
  kernel_has overlay
  mkdir -p $root /rootfs.read /rootfs.written
  options=ro
  # What is not clean was refused before; a journal could not be written.
  [ "$1" = squashfs ] || options=ro,noload
  try mount -t "$1" -o $options /dev/vda /rootfs.read || refuse "the root file system can't be mounted: $(why)($(kernel_said))"
  try mount -t tmpfs -o mode=755 tapbench /rootfs.written || refuse "no memory for what is written: $(why)"
  mkdir /rootfs.written/upper /rootfs.written/work
  layers=lowerdir=/rootfs.read,upperdir=/rootfs.written/upper,workdir=/rootfs.written/work
  try mount -t overlay -o $layers overlay $root || refuse "no layer over the root file system: $(why)($(kernel_said))"
  for folder in proc sys dev run tmp; do
    # A link would lead out into ours.
    if [ -L $root/$folder ] || [ ! -d $root/$folder ]; then
      rm -rf ${root:?}/$folder
      mkdir $root/$folder
    fi
  done
  mount -t proc proc $root/proc
  mount -t sysfs sys $root/sys
  mount -t devtmpfs dev $root/dev
  mount -t tmpfs -o mode=755 run $root/run
  bring_ours
}

# Ours in theirs: without what is mounted in it.
bring_ours() {
  mkdir -p $root$ours
  mount -o bind / $root$ours
}

# runner_of PROGRAM image|rootfs: the script that runs it in the user's root file system.
runner_of() {
  if [ "$2" = image ]; then
    runner=/runners/$1 path=$ours/bin/$1
    return
  fi
  path=$(PATH=$their_path inside which "$1")
  [ -n "$path" ] || refuse "the rootfs has no $1: install it there (apk add $1, apt-get install $1), or guest.tools: image"
  mkdir -p /runners/theirs
  runner=/runners/theirs/$1
  printf '#!/bin/sh\nexport PATH=%s\nexec chroot %s %s "$@"\n' $their_path $root "$path" >"$runner"
  chmod 755 "$runner"
}

# run_in_theirs image|rootfs PROGRAM...: what follows runs these programs in the user's root file system. Prints what that is.
run_in_theirs() {
  tools=$1
  shift
  # Files of the workloads are named by their path, on both sides.
  mount -o bind /tmp $root/tmp
  echo "=== system"
  inside sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null
  echo "=== libc"
  # Each says its version when it is started by itself.
  inside sh -c 'for loader in /lib/ld-musl-*.so.1 /lib64/ld-linux-*.so.2; do [ ! -e "$loader" ] || "$loader" --version 2>&1 | head -n 2; done'
  for program; do
    runner_of "$program" "$tools"
    # Whether it starts at all; it is read from the device with this, too, and not in a window.
    "$runner" --version >/version 2>&1
    status=$?
    # Of a POSIX shell: found and not run, not found.
    case $status in
      126 | 127) refuse "$path does not run in the rootfs (is its libc there?): $(head -n 1 /version)" ;;
    esac
    mount -o bind "$runner" "/bin/$program" || refuse "the guest image has no $program"
    echo "=== $program"
    head -n 3 /version
  done
}

# enter TYPE image|rootfs PROGRAM...: our init stays the first program.
enter() {
  mount_root "$1"
  shift
  run_in_theirs "$@"
  # Theirs need nothing of ours.
  [ "$1" = image ] || umount $root$ours
}

# --- Their own init (guest.init: theirs) -----------------------------------------------------------------------------

# What `tapbench guest-agent install` puts into a root file system (agent.ts).
agent=/usr/lib/tapbench

# ready TYPE VERSION: the user's root file system is mounted, and has what its own init needs to start our agent.
ready() {
  mount_root "$1"
  version=$(inside cat $agent/version 2>/dev/null) || refuse "the rootfs has no agent: tapbench guest-agent install"
  [ "$version" = "$2" ] || refuse "the agent in the rootfs is of version $version, not $2: tapbench guest-agent install, into the root file system as it was"
  for program in /sbin/init /bin/sh; do
    inside test -x $program || refuse "the rootfs has no $program"
  done
  inside test -d $agent/root || refuse "the rootfs has no $agent/root: tapbench guest-agent install"
}

# become: of PID 1 itself, after `ready`. Their init takes its place; our own root file system lies in theirs, where their service starts our agent.
become() {
  place=$root$(inside readlink -f $agent/root)
  try mount -o bind / "$place" || fail "our root file system can't be brought along: $(why)"
  for folder in proc sys dev; do
    mount -o bind /$folder "$place/$folder"
  done
  # The serial line is the channel's. What their init and its services say on the console goes to the log of the kernel, which prints it line
  # by line, and no more once the agent is up. No terminal, either, whose settings they could change.
  echo on >/proc/sys/kernel/printk_devkmsg
  try mount -o bind /dev/kmsg $root/dev/console || fail "no /dev/kmsg: $(why)"
  try mount -o bind /dev/null $root/dev/ttyS0 || fail "no /dev/ttyS0: $(why)"
  dmesg -n 7
  cd $root || fail "no $root"
  try mount -o move . / || fail "the rootfs can't become the root: $(why)"
  exec chroot . /sbin/init </dev/null >/dev/kmsg 2>&1
}

# enter_booted image|rootfs PROGRAM...: in the agent, when their init has started it.
enter_booted() {
  # Not a mount any more: where PID 1 is at home.
  rmdir $root
  ln -s /proc/1/root $root
  # systemd has all mounts shared: what is bound over a program of ours would be over it in theirs, too.
  mount --make-private / || refuse "our root file system can't be made private"
  # Their init may have mounted something over it.
  bring_ours
  run_in_theirs "$@"
  echo "=== init"
  cat /proc/1/comm
}
