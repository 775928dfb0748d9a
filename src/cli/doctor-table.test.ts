import { describe, expect, it } from 'vitest';
import type { Requirement } from '../host/check/requirement.ts';
import { doctorTable } from './doctor-table.ts';

const look = { columns: 60, isColor: false };
const well: Requirement = { name: 'root', status: 'ok', what: 'root', meaning: 'm', mend: null, isVital: true };
const poor: Requirement = {
  ...well,
  name: 'KVM',
  status: 'degraded',
  what: 'none',
  mend: 'modprobe kvm',
  isVital: false,
};

describe('doctorTable', () => {
  it('gives meaning and mend of what is not well, and leaves out a score that was not measured', () => {
    expect(doctorTable({ requirements: [well, poor], score: null }, look).split('\n')).toEqual([
      'ok        root  root',
      'degraded  KVM   none',
      '                m',
      '                mend: modprobe kvm',
      '',
      'A run is possible.',
    ]);
  });

  it('has the score below the table, in the same columns', () => {
    const lines = doctorTable({ requirements: [well], score: [{ ...well, name: 'idle CPU' }] }, look).split('\n');
    expect(lines).toEqual([
      'ok        root      root',
      '',
      'How quiet it is now',
      'ok        idle CPU  root',
      '',
      'A run is possible.',
    ]);
  });

  it('says what is missing', () => {
    const text = doctorTable({ requirements: [{ ...well, status: 'missing' }], score: null }, look);
    expect(text).toContain('A run is not possible: root missing.');
  });
});
