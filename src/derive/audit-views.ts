import type { AuditContext, AuditView, AuditViews } from '../audit/audit.ts';
import type { TopologyName } from '../record/experiment.ts';
import type { Flow, MachineReading } from '../record/measurement.ts';
import type { WholeTrial } from '../record/trial.ts';
import { observerEffectOf } from './observer-effect.ts';
import { flowsOfMachine, type Part, partOf } from './whole/part.ts';

/** The trial with the facts of one of its machines; without one none. `topology`: of the flow as that machine sees it. */
function trialOf(trial: WholeTrial, machine: string | null, topology: TopologyName | null): WholeTrial {
  const facts = trial.machines?.find(({ name }) => name === machine);
  return {
    ...trial,
    configuration: { ...trial.configuration, topology },
    vmm: facts?.vmm ?? null,
    guest: facts?.guest ?? null,
    path: facts?.path ?? null,
  };
}

function viewOf(whole: AuditContext, trial: WholeTrial, part: Part): AuditContext {
  const measurement = partOf(whole.measurement, part);
  return { ...whole, measurement, trial, observerEffect: observerEffectOf(measurement) };
}

/** Facts are those of the client's machine, or of the server's where the client has none; which end is sender and receiver is as the trial has it. */
function flowView(whole: AuditContext, flow: Flow): AuditView {
  const { trial } = whole;
  const names = new Set(trial.machines?.map(({ name }) => name));
  const machine = [flow.client, flow.server].find((name) => name !== null && names.has(name)) ?? null;
  const part = { flows: [flow], machines: [] };
  return { name: flow.name, context: viewOf(whole, trialOf(trial, machine, trial.configuration.topology), part) };
}

/** To the machine of a client the other end is as far away as a host is, and the other way round. */
function machineView(whole: AuditContext, machine: MachineReading, all: readonly Flow[]): AuditView {
  const flows = flowsOfMachine(all, machine.name);
  const isClient = flows.every(({ client }) => client === machine.name);
  const trial = trialOf(whole.trial, machine.name, isClient ? 'vm-to-host' : 'host-to-vm');
  return { name: machine.name, context: viewOf(whole, trial, { flows, machines: [machine] }) };
}

/** What audits are asked of. One flow and one machine are the whole, and a lab note has no other. */
export function auditViews(whole: AuditContext): AuditViews {
  const { flows, machines = [], noted } = whole.measurement;
  if (flows === undefined || noted !== null) return { whole };
  return {
    whole,
    flows: flows.map((flow) => flowView(whole, flow)),
    machines: machines.map((machine) => machineView(whole, machine, flows)),
  };
}
