import { type Requirement, requirement } from '../check/requirement.ts';
import type { HostScore } from './host-score.ts';

/** As the audit `host-saturated` has it: others' work of this size takes caches and clock speed even where a CPU is free for it ... */
const busyAbove = 0.1;
/** ... and with no CPU to spare it runs instead of the experiment. */
const busyAboveOnFewCpus = 0.03;
/** VMM, vCPU, client and server fill as many. */
const fewCpus = 4;
/** As the audit `steal` has it: as large as the differences that a comparison is to find. */
const stealAbove = 0.01;
/** Work on a CPU takes as much longer as its clock is slower; 3 % is the change that a comparison takes for one by default. */
const spreadAbove = 0.03;
/** Default slack of a timer (PR_SET_TIMERSLACK(2const)). */
const timerSlackNs = 50_000;
/** As late again as the slack: waking up costs what half a round trip of an emulated guest does (75 to 100 us). */
const lateAboveNs = 2 * timerSlackNs;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const microseconds = (ns: number): string => `${String(Math.round(ns / 1e3))} us`;
const gigahertz = (hz: number): string => `${(hz / 1e9).toFixed(2)} GHz`;

function load({ idleShare, stealShare, cpus, ...rates }: HostScore): Requirement {
  // Not less the measurement's own share: kernels that count by ticks see little of that, so taking it off would hide others' work.
  const busy = Math.max(0, 1 - idleShare - stealShare);
  const isOk = busy <= (cpus < fewCpus ? busyAboveOnFewCpus : busyAbove);
  const perSecond = `${rates.interruptsPerSecond.toFixed(0)} interrupts/s, ${rates.contextSwitchesPerSecond.toFixed(0)} context switches/s`;
  return requirement({
    name: 'idle CPU',
    isOk,
    what: `${isOk ? 'quiet' : 'busy'}: ${percent(busy)} of ${String(cpus)} CPUs were taken, this measurement included; ${perSecond}`,
    meaning:
      'other programs take CPUs, caches and clock from the experiment: lower figures with more spread, and another the next time',
    mend: 'see who it is, and end it: busybox top -b -n 1 | head -n 15',
    isVital: false,
  });
}

function steal({ stealShare }: HostScore): Requirement {
  const isOk = stealShare <= stealAbove;
  return requirement({
    name: 'steal',
    isOk,
    what: `${isOk ? 'quiet' : 'busy'}: ${percent(stealShare)} went to other guests of the machine under this one`,
    meaning: 'figures measured meanwhile are in doubt, and nothing here can mend it: measure at another time or place',
    isVital: false,
  });
}

function frequency({ frequencySpread }: HostScore): Requirement {
  const known = frequencySpread;
  const share = known === null ? 0 : 1 - known.minimumHz / known.maximumHz;
  const isOk = share <= spreadAbove;
  return requirement({
    name: 'frequency spread',
    isOk,
    what:
      known === null
        ? 'unknown: this machine does not say what its CPUs run at'
        : `${isOk ? 'steady' : 'unsteady'}: ${gigahertz(known.minimumHz)} to ${gigahertz(known.maximumHz)}, ${percent(share)} apart`,
    meaning: 'what a CPU does takes as much longer as its clock is slower: part of a difference may be the clock',
    mend: 'tapbench run --set prepare.governor=performance --set prepare.turbo=false',
    isVital: false,
  });
}

function timer({ timerJitterNs }: HostScore): Requirement {
  const isOk = timerJitterNs === null || timerJitterNs.p99 <= lateAboveNs;
  const figures =
    timerJitterNs === null
      ? 'not measured'
      : `${isOk ? 'quiet' : 'late'}: 1 ms sleeps ended late by ${microseconds(timerJitterNs.p50)} (p50), ${microseconds(timerJitterNs.p99)} (p99), ${microseconds(timerJitterNs.max)} (max), of which ${microseconds(timerSlackNs)} are the kernel's slack`;
  return requirement({
    name: 'timer jitter',
    isOk,
    what: figures,
    meaning:
      'a thread that sleeps waits as long for its CPU: that is in the latency of every message, most of all in p99 and beyond',
    mend: 'tapbench run --set prepare.idleLatency=0 (once nothing else runs)',
    isVital: false,
  });
}

/** What each part of the score means for figures, in words. What a machine does not say is not held against it. */
export function judgeHostScore(score: HostScore): Requirement[] {
  return [load(score), steal(score), frequency(score), timer(score)];
}
