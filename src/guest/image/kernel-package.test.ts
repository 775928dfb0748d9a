import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParseError } from '../../record/error.ts';
import { candidateKernel, controlField, kernelDependency, modulesDependency } from './kernel-package.ts';

/** `apt-cache show --no-all-versions linux-image-cloud-amd64` of Debian 12, shortened. */
const control = `Package: linux-image-cloud-amd64
Source: linux-signed-amd64 (6.1.192+2)
Version: 6.1.192-2
Provides: linux-latest-modules-6.1.0-56-cloud-amd64, wireguard-modules (= 1.0.0)
Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)
SHA256: 00be21c0c17f08ddf26e82d3b53fe7a41efa4a288938da6bb69e89c4b25c281d
`;

describe('kernelDependency', () => {
  it('gives the package name without its version', () => {
    expect(kernelDependency(control)).toBe('linux-image-6.1.0-56-cloud-amd64');
  });

  it('finds it among other dependencies', () => {
    expect(kernelDependency('Depends: kmod, linux-image-6.12.9+deb13-cloud-amd64\n')).toBe(
      'linux-image-6.12.9+deb13-cloud-amd64',
    );
  });

  it('finds it where the modules are a package beside it', () => {
    const depends = 'Depends: linux-image-6.8.0-90-generic, linux-modules-6.8.0-90-generic\n';
    expect(kernelDependency(depends)).toBe('linux-image-6.8.0-90-generic');
    expect(modulesDependency(depends)).toBe('linux-modules-6.8.0-90-generic');
    expect(modulesDependency(control)).toBeNull();
  });

  it('refuses a package that depends on no kernel', () => {
    expect(() => kernelDependency('Depends: kmod, linux-base\n')).toThrow(ParseError);
  });
});

describe('controlField', () => {
  it('gives the value of a field', () => {
    expect(controlField(control, 'Version')).toBe('6.1.192-2');
  });

  it('names a field that is missing', () => {
    expect(() => controlField(control, 'Size')).toThrow(/apt-cache show: Size: no such field/);
    expect(() => controlField('', 'Version')).toThrow(ParseError);
  });
});

describe('the newest kernel', () => {
  const { PATH } = process.env;
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tapbench-apt-'));
  });
  afterEach(() => {
    process.env['PATH'] = PATH;
    rmSync(folder, { recursive: true, force: true });
  });

  /** An apt whose lists have these packages, each with what it depends on. */
  function fakeApt(packages: Readonly<Record<string, string>>): void {
    const cases = Object.entries(packages).map(
      ([name, depends], index) =>
        `${name}) printf '%s\\n' 'Package: ${name}' 'Version: 1-${String(index)}' 'Depends: ${depends}' 'SHA256: ${'ab'.repeat(31)}0${String(index)}' ;;`,
    );
    const script = `#!/bin/sh\nfor name; do :; done\ncase $name in\n${cases.join('\n')}\n*) echo "E: No packages found" >&2; exit 100 ;;\nesac\n`;
    writeFileSync(join(folder, 'apt-cache'), script);
    chmodSync(join(folder, 'apt-cache'), 0o755);
    process.env['PATH'] = `${folder}:${PATH ?? ''}`;
  }

  it("is that of Debian's package for clouds, or of Ubuntu's for virtual machines with its modules", async () => {
    fakeApt({
      'linux-image-virtual': 'linux-image-6.8.0-90-generic, linux-modules-6.8.0-90-generic',
      'linux-image-6.8.0-90-generic': 'kmod, linux-base (>= 4.5ubuntu1~16.04.1), linux-modules-6.8.0-90-generic',
      'linux-modules-6.8.0-90-generic': 'wireless-regdb',
    });
    const sha = (index: number): string => `${'ab'.repeat(31)}0${String(index)}`;
    expect(await candidateKernel()).toEqual({
      name: 'linux-image-6.8.0-90-generic',
      version: '1-1',
      sha256: sha(1),
      modules: { name: 'linux-modules-6.8.0-90-generic', version: '1-2', sha256: sha(2) },
    });
  });

  it('is in no list where apt knows neither', async () => {
    fakeApt({ 'linux-image-amd64': 'linux-image-6.1.0-56-amd64' });
    await expect(candidateKernel()).rejects.toMatchObject({
      code: 'IMAGE_FAILED',
      message: "apt's lists have neither linux-image-cloud-amd64 nor linux-image-virtual",
      hint: 'apt-get update',
    });
  });
});
