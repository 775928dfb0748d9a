import { hasFigure } from '../prose-figures.ts';
import { callExtent } from './call-extent.ts';
import { beginsAsCall, programName, subjectPlace } from './programs.ts';
import { isSentenceWord } from './tool-command.ts';
import { beginsWithWrapper } from './wrapper.ts';

/** Programs that scripts of such notes call beside those that notes are about. */
const usual = new Set(
  (
    'apt apt-get yum dnf apk pacman brew pip pip3 snap modprobe insmod rmmod lsmod mount umount mkdir rmdir rm cp mv ln ls cat tee touch chmod chown chgrp ' +
    'cd pwd echo printf export source set unset alias sleep wait kill killall pkill pgrep ps top htop uname hostname lscpu lspci lsblk free df dmesg journalctl ' +
    'systemctl service ip ifconfig route arp ethtool tc brctl bridge ovs-vsctl iptables ip6tables nft sysctl ping traceroute tcpdump netstat ss nc ncat socat ' +
    'netperf netserver qperf iperf iperf3 sockperf nuttcp wrk ab curl wget ssh scp rsync git make cmake cargo rustc gcc cc go docker podman kubectl virsh virt-install ' +
    'qemu-img tunctl numactl taskset chrt nice perf strace bpftrace ltrace trace-cmd turbostat cpupower tuned-adm sudo su bash sh python python3 node sed awk grep ' +
    'egrep head tail sort wc cut tar gzip xz dd truncate date time timeout watch screen tmux test true false exit return jailer firecracker firectl ignite kata-runtime'
  ).split(' '),
);

/** As many are no accident: files may be called `to` or `the`. */
const mostSentenceWords = 2;
const path = /^(?:~|\.{1,2})?\/[\w./+:~$-]*$/;
const assignment = /^[A-Za-z_]\w*=/;
const name = /^[a-z_][\w.+-]*$/;
const hasOption = /\s-{1,2}[A-Za-z]/;

/** Words of a sentence that no quotes are around. */
function isSentence(text: string): boolean {
  const words = text.replace(/"[^"]*"|'[^']*'/g, '').split(/\s+/);
  return !/^(?:echo|printf|for|#)/.test(text) && words.filter(isSentenceWord).length >= mostSentenceWords;
}

/** The line can be one of a script: it calls a program by a usual name or by its path, or has options behind a name, and no figure that a tool would print. */
export function looksLikeCommand(text: string): boolean {
  const [word = ''] = text.split(/\s/, 1);
  if (isSentence(text) || (subjectPlace(text) === 0 && callExtent(text, '').isSentence)) return false;
  if (beginsAsCall(text) || beginsWithWrapper(text) || assignment.test(word)) return true;
  if (usual.has(programName(word))) return true;
  if (hasFigure(text)) return false;
  return path.test(word) || (/^\$[\w{]/.test(word) && word !== text) || (name.test(word) && hasOption.test(text));
}
