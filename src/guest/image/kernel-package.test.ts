import { describe, expect, it } from 'vitest';
import { ParseError } from '../../record/error.ts';
import { controlField, kernelDependency } from './kernel-package.ts';

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
