import type { GatheredMeasurement, TracedReadings, TracedWindow, WholeMeasurement } from '../../record/measurement.ts';
import { allFlows, commandsOf, filesOf } from './all-flows.ts';
import { latencyOf } from './all-latency.ts';
import { allMachines, allThreads, onlyLink, vmmErrorsOf } from './all-machines.ts';
import { throughputOf } from './all-throughput.ts';

function wholeTraced(traced: TracedReadings): TracedWindow {
  const { window, flows, machines } = traced;
  const lists = flows.length === 1 && machines.length === 1 ? {} : { flows, machines };
  return {
    window,
    throughput: throughputOf(flows).whole,
    latency: latencyOf(flows).whole,
    threads: allThreads(machines),
    link: onlyLink(machines),
    vmmErrors: vmmErrorsOf(machines),
    files: filesOf(flows),
    ...lists,
  };
}

/** A measurement as a whole: what is true of all flows and machines together. */
export function wholeMeasurement(gathered: GatheredMeasurement): WholeMeasurement {
  const { workload, spec, window, startedAt, flows, machines, hostCpu, startSkewNs, underLoad, traced, search } =
    gathered;
  const ofFlows = allFlows(flows);
  const ofMachines = allMachines(gathered);
  const isPair = flows.length === 1 && (machines.length === 1 || gathered.noted !== null);
  const lists = isPair ? {} : { flows, machines, startSkewNs };
  return {
    workload,
    spec,
    window,
    startedAt,
    commands: commandsOf(flows),
    throughput: ofFlows.throughput,
    latency: ofFlows.latency,
    work: ofFlows.work,
    systemCalls: ofMachines.systemCalls,
    kvmExits: ofMachines.kvmExits,
    vmmCounters: ofMachines.vmmCounters,
    vmmErrors: ofMachines.vmmErrors,
    ...(ofMachines.vmmMemory === undefined ? {} : { vmmMemory: ofMachines.vmmMemory }),
    threads: ofMachines.threads,
    link: ofMachines.link,
    hostCpu,
    guestResources: ofMachines.guestResources,
    traced: traced && wholeTraced(traced),
    consoleBytes: ofMachines.consoleBytes,
    notMeasured: { ...ofFlows.notMeasured, ...ofMachines.notMeasured, ...gathered.notMeasured },
    noted: gathered.noted,
    ...lists,
    ...(search === undefined ? {} : { search }),
    ...(underLoad.length === 0 ? {} : { underLoad }),
  };
}
